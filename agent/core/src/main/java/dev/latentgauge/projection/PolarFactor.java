package dev.latentgauge.projection;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * The orthogonal part of a matrix: of M = U S V' it is U V', the matrix with orthonormal rows or
 * columns that is nearest to M.
 *
 * <p>Found without a singular value decomposition, which DJL does not have, by the iteration of
 * Newton and Schulz, X' = 3/2 X - 1/2 X X'X. It keeps U and V, and takes every singular value that
 * starts in (0, √3) to 1: small ones grow by half at each step, and near 1 the digits double. So
 * the steps that it takes say which singular values count: those of less than about 1e-10 of the
 * largest stay near 0, and their directions are dropped. In float64 what rounding puts there is of
 * the order of 1e-16.
 *
 * @see <a href="https://doi.org/10.1137/1.9780898717778">Higham, Functions of matrices, 2008,
 *     chapter 8</a>
 */
final class PolarFactor {

  private static final int STEPS = 58;

  /** The square of the change of X at which it has converged. */
  private static final double SETTLED = 1e-20;

  private PolarFactor() {}

  /**
   * Finds the orthogonal part; takes two products of d x d x d' for each step, and some 25 steps
   * where the singular values span three orders of magnitude.
   *
   * @param matrix d x d' in float64, not all zeros
   * @return d x d', attached to the manager of {@code matrix}
   */
  static NDArray of(NDArray matrix) {
    boolean isTall = matrix.getShape().get(0) > matrix.getShape().get(1);
    NDArray factor = isTall ? matrix.transpose() : matrix;
    // No singular value is above the geometric mean of the largest sums of rows and of columns.
    NDArray columns = factor.abs().sum(new int[] {0}).max();
    NDArray rows = factor.abs().sum(new int[] {1}).max();
    NDManager manager = matrix.getManager();
    // Roots by themselves: their product may be too large or too small for a number.
    factor = factor.div(columns.sqrt().mul(rows.sqrt()));
    for (int step = 0; step < STEPS; step++) {
      try (NDManager scratch = manager.newSubManager()) {
        factor.attach(scratch);
        NDArray cubed = factor.matMul(factor.transpose()).matMul(factor);
        NDArray next = factor.mul(1.5).sub(cubed.mul(0.5));
        double change = next.sub(factor).square().sum().getDouble();
        next.attach(manager);
        factor = next;
        if (change < SETTLED) {
          break;
        }
      }
    }
    return isTall ? factor.transpose() : factor;
  }
}
