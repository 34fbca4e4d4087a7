package dev.latentgauge.examples.study.statistics;

/**
 * Where a number would lie in most repetitions with other runs.
 *
 * @param low its lower end
 * @param high its upper end, at least {@code low}
 */
public record Interval(double low, double high) {}
