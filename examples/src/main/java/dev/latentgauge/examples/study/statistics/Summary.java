package dev.latentgauge.examples.study.statistics;

/** How a number that every run has becomes one number. */
public enum Summary {
  /** Their mean. */
  MEAN,
  /**
   * The least of them. Its interval cannot reach below it, whatever further runs would bring: no
   * resample has a run that is worse than the worst.
   */
  MINIMUM,
  /** The share of the runs in which it is negative. */
  SHARE_BELOW_ZERO,
  /** What nine of ten runs stay below, interpolated between neighbours. */
  PERCENTILE_90;

  /** This summary of drawn values; those that are NaN are left out. */
  SampleStatistic over(double[] values) {
    DrawnValues drawn = new DrawnValues(values);
    return switch (this) {
      case MEAN -> drawn::mean;
      case MINIMUM -> counts -> drawn.quantile(counts, 0);
      case SHARE_BELOW_ZERO -> drawn::shareBelowZero;
      case PERCENTILE_90 -> counts -> drawn.quantile(counts, 0.9);
    };
  }
}
