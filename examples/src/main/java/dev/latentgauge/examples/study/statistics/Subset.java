package dev.latentgauge.examples.study.statistics;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which runs a correlation is over. Most runs that fail are told from those that work by any
 * measure, so that the correlation over all of them says little about choosing among good ones.
 */
public enum Subset {
  /** Every run. */
  ALL,
  /** The runs whose last accuracy is above half of the best last accuracy. */
  ABOVE_HALF_OF_BEST,
  /**
   * The third of the runs with the best last accuracy, rounded up; who is level with the last of
   * them is among them.
   */
  BEST_THIRD;

  /** The runs in the subset, by the last accuracy of each run, in ascending order. */
  int[] members(double[] accuracies) {
    double least = least(accuracies);
    return IntStream.range(0, accuracies.length)
        .filter(
            run -> this == ABOVE_HALF_OF_BEST ? accuracies[run] > least : accuracies[run] >= least)
        .toArray();
  }

  private double least(double[] accuracies) {
    if (this == ALL || accuracies.length == 0) {
      return Double.NEGATIVE_INFINITY;
    }
    double[] sorted = accuracies.clone();
    Arrays.sort(sorted);
    return this == ABOVE_HALF_OF_BEST
        ? sorted[sorted.length - 1] / 2
        : sorted[sorted.length - (sorted.length + 2) / 3];
  }
}
