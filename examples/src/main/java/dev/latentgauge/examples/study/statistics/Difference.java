package dev.latentgauge.examples.study.statistics;

/**
 * By how much one measure is above another, over the runs in which both are defined.
 *
 * <p>Both are computed from the same resamples, so that what makes a draw of runs easy or hard for
 * both cancels.
 *
 * @param estimate the difference, the first less the second; for regret, negative is better
 * @param shareAbove the share of the resamples in which it is above 0, of those in which it is
 *     defined
 */
public record Difference(Estimate estimate, double shareAbove) {}
