package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;

/**
 * Finds the temperature at which the softmax of the rows has a given mean entropy.
 *
 * <p>With s = r/t the mean entropy H rises with log t; its slope is the mean variance of s under
 * the softmax, and its curvature less twice that variance and the third central moment. So one
 * softmax allows a step of Halley's method on log t, whose error is of the third order. Where H is
 * flat or bends the other way it would overshoot, or creep, so the root is kept in a bracket that
 * is halved instead whenever a step would leave it, or the last one did not halve what is missing.
 * The start is where rows with this variance would have the entropy if they were normally
 * distributed: log k - Var(r)/(2t²), to the second order. It depends on nothing but the rows, so
 * that equal rows have equal temperatures, whatever was measured before; for cosines and for
 * standardised ones two steps reach a relative error of 1e-6.
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

  /** How far the entropy is to be below that of equal shares. */
  private static final double LESS_ENTROPY = Math.log(8);

  /** Once a step on log t is as short as this, what is left is of the order of its cube. */
  private static final double SHORT_STEP = 1e-2;

  /** Beyond this a short step is one where the entropy is flat, and says nothing. */
  private static final double LITTLE_ENTROPY = 0.1;

  private static final int MOST_STEPS = 100;

  private final double[] cosines;
  private final int anchors;

  /** The mean entropy of the rows at the temperature of the last evaluation, and how it changes. */
  private double entropy;

  private double slope;
  private double curvature;

  private AdaptiveTemperature(double[] cosines, int anchors) {
    this.cosines = cosines;
    this.anchors = anchors;
    for (int row = 0; row < cosines.length; row += anchors) {
      lower(row);
    }
  }

  /** Takes the largest of a row off all of it, so that no exponential overflows. */
  private void lower(int row) {
    double largest = cosines[row];
    for (int j = row + 1; j < row + anchors; j++) {
      largest = Math.max(largest, cosines[j]);
    }
    for (int j = row; j < row + anchors; j++) {
      cosines[j] -= largest;
    }
  }

  /**
   * Solves for the temperature, without a gradient.
   *
   * @param relative n x k, cosines or standardised ones
   * @return the temperature, from 0.05 to 50; any if there are numbers that are not finite
   */
  static double of(NDArray relative) {
    int anchors = Math.toIntExact(relative.getShape().get(1));
    NDArray rows = EvenlySpaced.rows(relative, ROWS);
    return new AdaptiveTemperature(Scratch.numbers(rows), anchors).solve();
  }

  private double solve() {
    double target = Math.log(anchors) - LESS_ENTROPY;
    double lowest = Math.log(LOWEST);
    double highest = Math.log(HIGHEST);
    // The ends themselves may be the answer, so the bracket reaches beyond them.
    double low = lowest - 1;
    double high = highest + 1;
    double logTemperature = Math.log(start());
    double before = Double.POSITIVE_INFINITY;
    for (int i = 0; i < MOST_STEPS; i++) {
      evaluate(Math.exp(logTemperature));
      double missing = target - entropy;
      if (missing < 0) {
        high = logTemperature;
      } else {
        low = logTemperature;
      }
      double next = logTemperature + step(missing);
      boolean isTrusted = next > low && next < high && Math.abs(missing) < before / 2;
      next = Math.max(lowest, Math.min(highest, isTrusted ? next : (low + high) / 2));
      double step = Math.abs(next - logTemperature);
      boolean isThere = isTrusted && step < SHORT_STEP && Math.abs(missing) < LITTLE_ENTROPY;
      logTemperature = next;
      before = Math.abs(missing);
      if (isThere || step == 0) {
        break;
      }
    }
    return Math.exp(logTemperature);
  }

  /** Where normally distributed rows of the same mean variance would have the entropy. */
  private double start() {
    double variances = 0;
    for (int row = 0; row < cosines.length; row += anchors) {
      double sum = 0;
      double squares = 0;
      for (int j = row; j < row + anchors; j++) {
        sum += cosines[j];
        squares += cosines[j] * cosines[j];
      }
      variances += (squares - sum * sum / anchors) / anchors;
    }
    double start = Math.sqrt(variances * anchors / cosines.length / (2 * LESS_ENTROPY));
    return start > LOWEST ? Math.min(start, HIGHEST) : LOWEST;
  }

  /** Halley's step on log t towards an entropy that is larger by so much. */
  private double step(double missing) {
    return 2 * missing * slope / (2 * slope * slope + missing * curvature);
  }

  /**
   * With s = r/t, the entropy of a row is log Σ exp s - E[s], its slope on log t the variance of s,
   * and its curvature less twice the variance and the third central moment.
   */
  private void evaluate(double temperature) {
    double entropies = 0;
    double slopes = 0;
    double curvatures = 0;
    for (int row = 0; row < cosines.length; row += anchors) {
      double sum = 0;
      double first = 0;
      double second = 0;
      double third = 0;
      for (int j = row; j < row + anchors; j++) {
        double scaled = cosines[j] / temperature;
        double weight = Math.exp(scaled);
        sum += weight;
        double term = weight * scaled;
        first += term;
        term *= scaled;
        second += term;
        third += term * scaled;
      }
      double mean = first / sum;
      entropies += Math.log(sum) - mean;
      double variance = second / sum - mean * mean;
      slopes += variance;
      curvatures -= 2 * variance + third / sum - 3 * mean * second / sum + 2 * mean * mean * mean;
    }
    int rows = cosines.length / anchors;
    entropy = entropies / rows;
    slope = slopes / rows;
    curvature = curvatures / rows;
  }
}
