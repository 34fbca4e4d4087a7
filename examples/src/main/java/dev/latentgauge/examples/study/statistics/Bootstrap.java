package dev.latentgauge.examples.study.statistics;

/**
 * How intervals are found: by drawing as many runs as there are, with replacement, over and over.
 *
 * @param resamples how often, at least 100
 * @param seed the same seed gives the same intervals, on any machine
 * @param confidence the share of the resamples within an interval, in (0, 1)
 */
public record Bootstrap(int resamples, long seed, double confidence) {

  /** How often is customary for intervals by percentiles. */
  public static final int CUSTOMARY_RESAMPLES = 2000;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public Bootstrap {
    if (resamples < 100) {
      throw new IllegalArgumentException(
          "an interval needs at least 100 resamples, but there are " + resamples);
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("confidence must be in (0, 1), but is " + confidence);
    }
  }

  /**
   * The customary number of resamples and intervals of 95 %.
   *
   * @param seed the same seed gives the same intervals
   * @return the bootstrap
   */
  public static Bootstrap seeded(long seed) {
    return new Bootstrap(CUSTOMARY_RESAMPLES, seed, 0.95);
  }

  /**
   * The same with another number of resamples.
   *
   * @param number at least 100
   * @return the bootstrap
   */
  public Bootstrap resamples(int number) {
    return new Bootstrap(number, seed, confidence);
  }
}
