package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;

/** Which anchors each probe is nearest to. */
final class NearestAnchors {

  private NearestAnchors() {}

  /**
   * Marks the nearest anchors.
   *
   * @param relative the n x k cosines
   * @param count m, from 1 to k
   * @return n x k, one at the m largest cosines of a row and zero elsewhere; all zero in a row of
   *     zeros, which is near to nothing
   */
  static NDArray marks(NDArray relative, int count) {
    NDArray nearest = relative.topK(count, 1, true, false).get(1);
    NDArray ones = relative.getManager().ones(nearest.getShape(), relative.getDataType());
    return relative.zerosLike().scatter(nearest, ones, 1).mul(zeroRows(relative).neg().add(1));
  }

  /**
   * Tells the rows of zeros.
   *
   * @param relative the n x k cosines
   * @return n x 1, one where a row is all zero and zero elsewhere; without a gradient
   */
  static NDArray zeroRows(NDArray relative) {
    return peaks(relative).eq(0).toType(relative.getDataType(), false);
  }

  /**
   * The largest magnitude of each row.
   *
   * @param relative the n x k cosines
   * @return n x 1; without a gradient
   */
  static NDArray peaks(NDArray relative) {
    return relative.stopGradient().abs().max(new int[] {1}, true);
  }
}
