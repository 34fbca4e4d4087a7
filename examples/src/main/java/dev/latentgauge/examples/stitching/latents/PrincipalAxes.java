package dev.latentgauge.examples.stitching.latents;

/**
 * The two directions in which points vary most, as a plane to draw other points in.
 *
 * <p>Found by orthogonal iteration on the covariance, in double precision. Each axis points to
 * where its largest entry is positive, so that equal points have equal axes.
 */
final class PrincipalAxes {

  private static final int STEPS = 500;
  private static final double SHIFT = 1e-6;

  private final double[] mean;
  private final double[][] axes;
  private final double[] variances;
  private final double variance;

  private PrincipalAxes(double[][] rows) {
    this.mean = mean(rows);
    double[][] covariance = covariance(rows, mean);
    this.axes = leading(covariance);
    this.variances = new double[] {along(covariance, axes[0]), along(covariance, axes[1])};
    this.variance = trace(covariance);
  }

  /**
   * Finds the axes of points.
   *
   * @param rows n points of k coordinates each; n and k are at least 2
   * @return the axes
   */
  static PrincipalAxes of(double[][] rows) {
    return new PrincipalAxes(rows);
  }

  /**
   * Where a point is in the plane.
   *
   * @param row k coordinates
   * @return two
   */
  double[] place(double[] row) {
    double[] place = new double[2];
    for (int i = 0; i < row.length; i++) {
      place[0] += axes[0][i] * (row[i] - mean[i]);
      place[1] += axes[1][i] * (row[i] - mean[i]);
    }
    return place;
  }

  /**
   * How much of the variance of the points that it was found from is in the plane.
   *
   * @return a share, in [0, 1]
   */
  double share() {
    return (variances[0] + variances[1]) / variance;
  }

  private static double[] mean(double[][] rows) {
    double[] mean = new double[rows[0].length];
    for (double[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row[i] / rows.length;
      }
    }
    return mean;
  }

  private static double[][] covariance(double[][] rows, double[] mean) {
    int k = mean.length;
    double[][] covariance = new double[k][k];
    for (double[] row : rows) {
      for (int i = 0; i < k; i++) {
        for (int j = 0; j < k; j++) {
          covariance[i][j] += (row[i] - mean[i]) * (row[j] - mean[j]) / rows.length;
        }
      }
    }
    return covariance;
  }

  private static double[][] leading(double[][] matrix) {
    int k = matrix.length;
    double[][] axes = new double[2][k];
    // No axis is orthogonal to both but by accident: irrational steps around the circle.
    for (int i = 0; i < k; i++) {
      axes[0][i] = Math.cos(i);
      axes[1][i] = Math.sin(i * Math.E + 1);
    }
    orthonormalise(axes);
    double[][] shifted = shifted(matrix);
    for (int step = 0; step < STEPS; step++) {
      axes = new double[][] {times(shifted, axes[0]), times(shifted, axes[1])};
      orthonormalise(axes);
    }
    for (double[] axis : axes) {
      pointUp(axis);
    }
    return axes;
  }

  /** The matrix with a little added to all eigenvalues, so that points on a line have a plane. */
  private static double[][] shifted(double[][] matrix) {
    double[][] shifted = new double[matrix.length][];
    for (int i = 0; i < matrix.length; i++) {
      shifted[i] = matrix[i].clone();
      shifted[i][i] += SHIFT * trace(matrix);
    }
    return shifted;
  }

  private static double trace(double[][] matrix) {
    double trace = 0;
    for (int i = 0; i < matrix.length; i++) {
      trace += matrix[i][i];
    }
    return trace;
  }

  private static void orthonormalise(double[][] axes) {
    normalise(axes[0]);
    // Once leaves rounding of the size of what is taken off, which may be nearly all.
    for (int pass = 0; pass < 2; pass++) {
      double common = dot(axes[0], axes[1]);
      for (int i = 0; i < axes[1].length; i++) {
        axes[1][i] -= common * axes[0][i];
      }
      normalise(axes[1]);
    }
  }

  private static void normalise(double[] vector) {
    double length = Math.sqrt(dot(vector, vector));
    for (int i = 0; i < vector.length && length > 0; i++) {
      vector[i] /= length;
    }
  }

  private static void pointUp(double[] axis) {
    double largest = 0;
    for (double entry : axis) {
      largest = Math.abs(entry) > Math.abs(largest) ? entry : largest;
    }
    for (int i = 0; i < axis.length; i++) {
      axis[i] *= Math.signum(largest);
    }
  }

  private static double along(double[][] matrix, double[] axis) {
    return dot(axis, times(matrix, axis));
  }

  private static double[] times(double[][] matrix, double[] vector) {
    double[] product = new double[vector.length];
    for (int i = 0; i < product.length; i++) {
      product[i] = dot(matrix[i], vector);
    }
    return product;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
