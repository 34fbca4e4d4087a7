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
    NDArray isZero = relative.abs().sum(new int[] {1}, true).eq(0);
    return relative
        .zerosLike()
        .scatter(nearest, ones, 1)
        .mul(isZero.logicalNot().toType(relative.getDataType(), false));
  }
}
