package dev.latentgauge.examples.stitching;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;

/**
 * How much representations of inputs point in the same direction, on average: those of one input,
 * and those of different inputs, which is what chance gives.
 */
public final class MeanCosine {

  private static final int[] ALONG_COLUMN = {0};
  private static final int[] ALONG_ROW = {1};

  private MeanCosine() {}

  /**
   * The mean cosine of row i of the one to row i of the other.
   *
   * @param one n x k
   * @param other n x k, of the same inputs
   * @return in [-1, 1]
   */
  public static double ofSame(NDArray one, NDArray other) {
    try (NDManager scratch = one.getManager().newSubManager()) {
      long n = one.getShape().get(0);
      return directions(scratch, one).mul(directions(scratch, other)).sum().getDouble() / n;
    }
  }

  /**
   * The mean cosine of row i of the one to row j of the other, over all i and j that differ.
   *
   * @param one n x k, n at least 2
   * @param other n x k, of the same inputs; may be the same array
   * @return in [-1, 1]
   */
  public static double ofDifferent(NDArray one, NDArray other) {
    try (NDManager scratch = one.getManager().newSubManager()) {
      long n = one.getShape().get(0);
      NDArray a = directions(scratch, one);
      NDArray b = directions(scratch, other);
      double all = a.sum(ALONG_COLUMN).mul(b.sum(ALONG_COLUMN)).sum().getDouble();
      return (all - a.mul(b).sum().getDouble()) / (n * (n - 1.0));
    }
  }

  private static NDArray directions(NDManager scratch, NDArray rows) {
    NDArray wide = rows.toType(DataType.FLOAT64, true);
    wide.attach(scratch);
    return wide.div(wide.square().sum(ALONG_ROW, true).sqrt());
  }
}
