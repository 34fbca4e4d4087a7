package dev.latentgauge.examples.study.statistics;

import java.util.Optional;

/**
 * A number over runs, and how sure it is.
 *
 * @param value what the runs say, finite
 * @param interval the percentiles of the resamples; absent where they would mislead: with fewer
 *     than {@link #FEWEST_RUNS} runs, or if it is undefined in a tenth of the resamples or more
 * @param runs the number of runs it is over
 */
public record Estimate(double value, Optional<Interval> interval, int runs) {

  /** With fewer runs there is no interval. */
  public static final int FEWEST_RUNS = 5;
}
