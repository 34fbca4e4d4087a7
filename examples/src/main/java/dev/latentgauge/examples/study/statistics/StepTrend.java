package dev.latentgauge.examples.study.statistics;

import java.util.Arrays;

/**
 * What a constant, the step and the logarithm of the step explain of a curve, by least squares.
 *
 * <p>The three are made orthonormal by Gram and Schmidt, and both that and the projection are done
 * twice, which leaves them orthogonal to rounding (Giraud, Langou and Rozložník 2005, "The loss of
 * orthogonality in the Gram-Schmidt orthogonalization process", Computers and Mathematics with
 * Applications 50).
 */
final class StepTrend {

  /**
   * What is left must be above rounding: that of {@link MeasurementTable}, whose numbers are off by
   * up to this share of themselves, so that a case and its file agree on what is undefined. It is
   * far above that of float32, in which measurements are made.
   */
  private static final double ROUNDING = 5e-5;

  /** What of a column is no combination of those before it must be above rounding. */
  private static final double DEPENDENT = 1e-9;

  private final double[][] basis;

  /**
   * The trend over given steps.
   *
   * @param steps at least 1 each
   */
  StepTrend(double[] steps) {
    double[][] columns = {
      Arrays.stream(steps).map(step -> 1).toArray(),
      steps.clone(),
      Arrays.stream(steps).map(Math::log).toArray()
    };
    double[][] found = new double[0][];
    for (double[] column : columns) {
      double before = length(column);
      project(found, column);
      double after = length(column);
      if (after > DEPENDENT * before) {
        found = Arrays.copyOf(found, found.length + 1);
        found[found.length - 1] = Arrays.stream(column).map(number -> number / after).toArray();
      }
    }
    basis = found;
  }

  /**
   * A curve without its trend.
   *
   * @param values one for each step
   * @return what is left; all 0 where that is no more than rounding
   */
  double[] remove(double[] values) {
    double[] rest = values.clone();
    project(basis, rest);
    double largest = Arrays.stream(values).map(Math::abs).max().orElse(0);
    boolean isRounding = length(rest) <= ROUNDING * largest * Math.sqrt(rest.length);
    return isRounding ? new double[rest.length] : rest;
  }

  private static void project(double[][] basis, double[] vector) {
    for (int pass = 0; pass < 2; pass++) {
      for (double[] direction : basis) {
        double along = 0;
        for (int i = 0; i < vector.length; i++) {
          along += direction[i] * vector[i];
        }
        for (int i = 0; i < vector.length; i++) {
          vector[i] -= along * direction[i];
        }
      }
    }
  }

  private static double length(double[] vector) {
    return Math.sqrt(Arrays.stream(vector).map(number -> number * number).sum());
  }
}
