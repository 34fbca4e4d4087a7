package dev.latentgauge.examples.study.statistics;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/** A number for a sample and for each of its resamples, NaN where it is undefined. */
final class Replicates {

  private static final double MOST_UNDEFINED = 0.1;

  private final double value;
  private final double[] resampled;

  Replicates(double value, double[] resampled) {
    this.value = value;
    this.resampled = resampled;
  }

  /** What becomes of each number. */
  Replicates map(DoubleUnaryOperator change) {
    return new Replicates(
        change.applyAsDouble(value), Arrays.stream(resampled).map(change).toArray());
  }

  /** What this is above another, resample by resample. */
  Replicates less(Replicates other) {
    double[] differences = new double[resampled.length];
    Arrays.setAll(differences, i -> resampled[i] - other.resampled[i]);
    return new Replicates(value - other.value, differences);
  }

  /** The number with its interval; absent if the sample itself has none. */
  Optional<Estimate> estimate(int runs, double confidence) {
    return Double.isNaN(value)
        ? Optional.empty()
        : Optional.of(new Estimate(value, interval(runs, confidence), runs));
  }

  private Optional<Interval> interval(int runs, double confidence) {
    double[] defined = defined();
    if (runs < Estimate.FEWEST_RUNS || defined.length <= (1 - MOST_UNDEFINED) * resampled.length) {
      return Optional.empty();
    }
    int[] once = new int[defined.length];
    Arrays.fill(once, 1);
    DrawnValues sorted = new DrawnValues(defined);
    double outside = (1 - confidence) / 2;
    return Optional.of(
        new Interval(sorted.quantile(once, outside), sorted.quantile(once, 1 - outside)));
  }

  /** The share of the resamples with a number in which it is above 0; NaN if none has. */
  double shareAbove() {
    double[] defined = defined();
    return Arrays.stream(defined).filter(number -> number > 0).count() / (double) defined.length;
  }

  private double[] defined() {
    return Arrays.stream(resampled).filter(number -> !Double.isNaN(number)).toArray();
  }
}
