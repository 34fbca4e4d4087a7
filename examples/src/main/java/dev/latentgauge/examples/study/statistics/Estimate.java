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

  /**
   * The estimate whose resamples were made elsewhere.
   *
   * @param value what the runs say, NaN if that is undefined
   * @param resampled the same for each resample, NaN where it is undefined
   * @param runs the number of runs it is over
   * @param confidence the share of the resamples within the interval, in (0, 1)
   * @return the estimate; absent if the value is undefined
   */
  public static Optional<Estimate> of(
      double value, double[] resampled, int runs, double confidence) {
    return new Replicates(value, resampled.clone()).estimate(runs, confidence);
  }

  /**
   * Whether the interval leaves out 0.
   *
   * @return false also if there is no interval
   */
  public boolean isClear() {
    return interval.filter(found -> found.low() > 0 || found.high() < 0).isPresent();
  }
}
