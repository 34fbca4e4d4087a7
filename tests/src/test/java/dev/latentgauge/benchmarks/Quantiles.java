package dev.latentgauge.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Medians, and how far they can be trusted. */
final class Quantiles {

  private static final int RESAMPLES = 2000;
  private static final long SEED = 1;

  private Quantiles() {}

  static double median(List<? extends Number> values) {
    return of(values, 0.5);
  }

  /** A quantile by linear interpolation; NaN of nothing. */
  static double of(List<? extends Number> values, double share) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    double[] sorted = values.stream().mapToDouble(Number::doubleValue).sorted().toArray();
    double position = share * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }

  /** The interval of 95 % of a median, by the bootstrap. */
  static Interval ofMedian(List<Double> values) {
    Random random = new Random(SEED);
    List<Double> medians = new ArrayList<>();
    for (int i = 0; i < RESAMPLES; i++) {
      medians.add(
          median(random.ints(values.size(), 0, values.size()).mapToObj(values::get).toList()));
    }
    return new Interval(of(medians, 0.025), of(medians, 0.975));
  }

  /** From here to there. */
  record Interval(double low, double high) {
    Interval times(double factor) {
      return new Interval(low * factor, high * factor);
    }
  }
}
