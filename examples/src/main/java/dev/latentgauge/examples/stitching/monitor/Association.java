package dev.latentgauge.examples.stitching.monitor;

import dev.latentgauge.examples.chart.Correlation;
import dev.latentgauge.examples.stitching.Estimate;
import dev.latentgauge.examples.stitching.Jackknife;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** How far a measure and an outcome go together over pairs, by their ranks. */
final class Association {

  private Association() {}

  /** Spearman's correlation, with its interval over trainings. */
  static Estimate plain(
      List<Pair> pairs, ToDoubleFunction<Pair> measure, ToDoubleFunction<Pair> outcome) {
    return estimate(pairs, some -> correlation(values(some, measure), values(some, outcome)));
  }

  /**
   * The same, once what the two own accuracies say was taken off the ranks of both by least
   * squares.
   */
  static Estimate givenOwn(
      List<Pair> pairs, ToDoubleFunction<Pair> measure, ToDoubleFunction<Pair> outcome) {
    return estimate(
        pairs,
        some -> {
          double[] first = Correlation.ranks(values(some, Pair::encoderOwn));
          double[] second = Correlation.ranks(values(some, Pair::headOwn));
          return correlation(
              residuals(Correlation.ranks(values(some, measure)), first, second),
              residuals(Correlation.ranks(values(some, outcome)), first, second));
        });
  }

  private static Estimate estimate(List<Pair> pairs, ToDoubleFunction<List<Pair>> statistic) {
    return new Estimate(
        statistic.applyAsDouble(pairs),
        0,
        Jackknife.reach(pairs, Pair::trainings, statistic),
        pairs.size());
  }

  private static double[] values(List<Pair> pairs, ToDoubleFunction<Pair> of) {
    return pairs.stream().mapToDouble(of).toArray();
  }

  private static double correlation(double[] x, double[] y) {
    return Correlation.spearman(x, y).orElse(Double.NaN);
  }

  /** What two others do not explain, by Gram and Schmidt. */
  static double[] residuals(double[] values, double[] first, double[] second) {
    double[] one = centred(first);
    double[] other = without(centred(second), one);
    return without(without(centred(values), one), other);
  }

  private static double[] centred(double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    return Arrays.stream(values).map(value -> value - mean).toArray();
  }

  private static double[] without(double[] values, double[] direction) {
    double length = product(direction, direction);
    double along = length > 0 ? product(values, direction) / length : 0;
    return IntStream.range(0, values.length)
        .mapToDouble(i -> values[i] - along * direction[i])
        .toArray();
  }

  private static double product(double[] x, double[] y) {
    return IntStream.range(0, x.length).mapToDouble(i -> x[i] * y[i]).sum();
  }
}
