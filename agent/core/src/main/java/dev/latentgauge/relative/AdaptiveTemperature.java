package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

/**
 * Finds the temperature at which the softmax of the rows has a given mean entropy.
 *
 * <p>The mean entropy H rises with log t, and its slope is the mean variance of r/t under the
 * softmax, so Newton's method on log t needs one softmax an iteration. Steps are clamped because H
 * is flat at both ends, and the iterate is clamped because a target out of reach (k of 8 or less)
 * has no root. The start and the number of iterations are fixed: equal cosines have equal
 * temperatures, whatever was measured before, and nothing is copied to the host to decide when to
 * stop. At most {@value #ROWS} rows, evenly spaced, take part.
 */
final class AdaptiveTemperature {

  static final double LOWEST = 0.05;
  private static final double HIGHEST = 2;
  private static final double START = 0.1;
  private static final double LARGEST_STEP = 0.7;
  private static final double SMALLEST_SLOPE = 1e-3;
  private static final int ITERATIONS = 12;
  private static final int ROWS = 64;
  private static final int[] ALONG_ROW = {1};
  private static final int[] ALONG_COLUMN = {0};

  private AdaptiveTemperature() {}

  /**
   * Solves for the temperature, without a gradient.
   *
   * @param relative the n x k cosines
   * @return the temperature, one element, at least 0.05
   */
  static NDArray of(NDArray relative) {
    NDArray rows = sample(relative.stopGradient());
    double target = Math.log(rows.getShape().get(1) / 8.0);
    NDArray logTemperature =
        rows.getManager().create(new double[] {Math.log(START)}).toType(rows.getDataType(), false);
    for (int i = 0; i < ITERATIONS; i++) {
      NDArray scaled = rows.div(logTemperature.exp());
      NDArray logProbability = scaled.logSoftmax(1);
      NDArray probability = logProbability.exp();
      NDArray entropy =
          probability.mul(logProbability).sum(ALONG_ROW).mean(ALONG_COLUMN, true).neg();
      NDArray mean = probability.mul(scaled).sum(ALONG_ROW, true);
      NDArray slope =
          probability
              .mul(scaled.sub(mean).square())
              .sum(ALONG_ROW)
              .mean(ALONG_COLUMN, true)
              .maximum((float) SMALLEST_SLOPE);
      NDArray step = entropy.neg().add(target).div(slope).clip(-LARGEST_STEP, LARGEST_STEP);
      logTemperature = logTemperature.add(step).clip(Math.log(LOWEST), Math.log(HIGHEST));
    }
    return logTemperature.exp();
  }

  private static NDArray sample(NDArray relative) {
    long n = relative.getShape().get(0);
    if (n <= ROWS) {
      return relative;
    }
    long[] chosen = new long[ROWS];
    for (int i = 0; i < ROWS; i++) {
      chosen[i] = i * n / ROWS;
    }
    NDArray index = relative.getManager().create(chosen);
    return relative.get(new NDIndex("{}", index));
  }
}
