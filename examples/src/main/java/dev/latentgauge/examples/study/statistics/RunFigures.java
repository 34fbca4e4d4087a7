package dev.latentgauge.examples.study.statistics;

import dev.latentgauge.examples.chart.Correlation;
import java.util.Arrays;
import java.util.stream.IntStream;

/** What one run says of measures by itself. */
final class RunFigures {

  private static final int FEWEST_WITHOUT_TREND = 6;

  private final double[] steps;
  private final double[] accuracies;
  private final double[] accuraciesA;
  private final double[] accuraciesB;
  private final double best;

  RunFigures(RunCurve run) {
    steps = Arrays.stream(run.steps()).asDoubleStream().toArray();
    accuracies = run.accuracies();
    accuraciesA = run.accuraciesA();
    accuraciesB = run.accuraciesB();
    best = run.bestAccuracy();
  }

  double[] steps() {
    return steps;
  }

  /** Pearson's correlation of a measure and accuracy where it is defined; NaN if there is none. */
  double correlation(double[] values, Trend trend) {
    return correlation(values, accuracies, trend);
  }

  /** Pearson's correlation of the accuracies on both halves of the test set; NaN if none. */
  double halves(Trend trend) {
    return correlation(accuraciesA, accuraciesB, trend);
  }

  private double correlation(double[] values, double[] others, Trend trend) {
    int[] defined =
        IntStream.range(0, values.length).filter(i -> !Double.isNaN(values[i])).toArray();
    double[] x = pick(values, defined);
    double[] y = pick(others, defined);
    if (trend == Trend.REMOVED) {
      if (defined.length < FEWEST_WITHOUT_TREND) {
        return Double.NaN;
      }
      StepTrend steady = new StepTrend(pick(steps, defined));
      x = steady.remove(x);
      y = steady.remove(y);
    }
    return Correlation.pearson(x, y).orElse(Double.NaN);
  }

  /** The accuracy lost by stopping at the first peak of a measure; NaN if it has none. */
  double regret(double[] values) {
    int peak = -1;
    for (int i = 0; i < values.length; i++) {
      if (!Double.isNaN(values[i]) && (peak < 0 || values[i] > values[peak])) {
        peak = i;
      }
    }
    return peak < 0 ? Double.NaN : best - accuracies[peak];
  }

  private static double[] pick(double[] from, int[] places) {
    return IntStream.of(places).mapToDouble(place -> from[place]).toArray();
  }
}
