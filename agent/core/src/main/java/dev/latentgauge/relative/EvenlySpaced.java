package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

/** A sample of rows that is the same every time and takes from everywhere. */
final class EvenlySpaced {

  private EvenlySpaced() {}

  /**
   * Takes some rows.
   *
   * @param matrix n x k
   * @param most how many at most
   * @return {@code matrix} itself if it has no more, else, as a view of it or a copy, row i·n/most
   *     for each i below most
   */
  static NDArray rows(NDArray matrix, int most) {
    long n = matrix.getShape().get(0);
    if (n <= most) {
      return matrix;
    }
    if (n % most == 0) {
      return matrix.get(new NDIndex().addSliceDim(0, n, n / most));
    }
    long[] chosen = new long[most];
    for (int i = 0; i < most; i++) {
      chosen[i] = i * n / most;
    }
    return matrix.get(new NDIndex("{}", matrix.getManager().create(chosen)));
  }
}
