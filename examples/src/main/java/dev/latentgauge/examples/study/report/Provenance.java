package dev.latentgauge.examples.study.report;

import java.time.LocalDate;

/**
 * What made a report.
 *
 * @param command the command
 * @param seed of the bootstrap; trainings have seeds of their own, which the tables state
 * @param date the day
 */
public record Provenance(String command, long seed, LocalDate date) {}
