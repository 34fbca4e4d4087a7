package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/**
 * Finds the temperature at which the softmax of the rows has a given mean entropy.
 *
 * <p>The mean entropy H rises with log t, and its slope is the mean variance of r/t under the
 * softmax. Newton's method on log t therefore needs one softmax a step; where H is flat it would
 * overshoot, so the root is kept in a bracket that is halved instead whenever a step would leave
 * it. The start is fixed, so that equal rows have equal temperatures, whatever was measured before;
 * for cosines three or four steps reach a relative error of 1e-6.
 *
 * <p>The search runs on the host, in double precision, on at most {@value #ROWS} evenly spaced
 * rows. A step touches a few thousand numbers and then decides on the next: as array operations
 * that is a hundred calls too small to be worth one each, on a CPU and even more so on a GPU, where
 * the single copy is the cheaper way too.
 */
final class AdaptiveTemperature {

  static final double LOWEST = 0.05;
  static final int ROWS = 64;
  static final double HIGHEST = 50;
  private static final double START = 0.1;

  /** Once a step on log t is as short as this, what is left is its square. */
  private static final double SHORT_STEP = 1e-3;

  private static final int MOST_STEPS = 50;

  private final double[] cosines;
  private final int anchors;

  /** The mean entropy of the rows at the temperature of the last evaluation, and its slope. */
  private double entropy;

  private double slope;

  private AdaptiveTemperature(double[] cosines, int anchors) {
    this.cosines = cosines;
    this.anchors = anchors;
  }

  /**
   * Solves for the temperature, without a gradient.
   *
   * @param relative n x k, cosines or standardised ones
   * @return the temperature, from 0.05 to 50; any if there are numbers that are not finite
   */
  static double of(NDArray relative) {
    int anchors = Math.toIntExact(relative.getShape().get(1));
    NDArray rows = EvenlySpaced.rows(relative.stopGradient(), ROWS).toType(DataType.FLOAT64, false);
    return new AdaptiveTemperature(rows.toDoubleArray(), anchors).solve();
  }

  private double solve() {
    double target = Math.log(anchors / 8.0);
    double lowest = Math.log(LOWEST);
    double highest = Math.log(HIGHEST);
    // The ends themselves may be the answer, so the bracket reaches beyond them.
    double low = lowest - 1;
    double high = highest + 1;
    double logTemperature = Math.log(START);
    for (int i = 0; i < MOST_STEPS; i++) {
      evaluate(Math.exp(logTemperature));
      if (entropy > target) {
        high = logTemperature;
      } else {
        low = logTemperature;
      }
      double next = logTemperature + (target - entropy) / slope;
      if (!(next > low && next < high)) {
        next = (low + high) / 2;
      }
      next = Math.max(lowest, Math.min(highest, next));
      double step = Math.abs(next - logTemperature);
      logTemperature = next;
      if (step < SHORT_STEP) {
        break;
      }
    }
    return Math.exp(logTemperature);
  }

  /** With s = r/t, the entropy of a row is log Σ exp s - E[s], and its slope on log t is Var s. */
  private void evaluate(double temperature) {
    double entropies = 0;
    double slopes = 0;
    for (int row = 0; row < cosines.length; row += anchors) {
      double largest = cosines[row];
      for (int j = row + 1; j < row + anchors; j++) {
        largest = Math.max(largest, cosines[j]);
      }
      double sum = 0;
      double first = 0;
      double second = 0;
      for (int j = row; j < row + anchors; j++) {
        double scaled = (cosines[j] - largest) / temperature;
        double weight = Math.exp(scaled);
        sum += weight;
        first += weight * scaled;
        second += weight * scaled * scaled;
      }
      double mean = first / sum;
      entropies += Math.log(sum) - mean;
      slopes += second / sum - mean * mean;
    }
    int rows = cosines.length / anchors;
    entropy = entropies / rows;
    slope = slopes / rows;
  }
}
