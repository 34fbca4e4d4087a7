package dev.latentgauge.examples.study.report;

import dev.latentgauge.examples.study.statistics.Case;

/**
 * What the report says of one view of a task.
 *
 * @param title for people
 * @param description of the task, in Markdown
 * @param measures every measure at every snapshot of the runs
 * @param variations the score of the last snapshot of the runs, under variations
 * @param references every measure of the last snapshot of the references
 */
public record Section(
    String title, String description, Case measures, Case variations, Case references) {}
