package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import java.util.Optional;

/**
 * Rows and their lengths: one divided by the other, they have length one.
 *
 * @param rows n x d, those that were given, or divided by their scale
 * @param lengths n x 1, never zero
 * @param scale n x 1, never zero; absent where it is one
 * @param zeroRows n x 1, one where a row is zero and zero elsewhere; absent where none is known to
 *     be
 */
record RowLengths(
    NDArray rows, NDArray lengths, Optional<NDArray> scale, Optional<NDArray> zeroRows) {

  /** Between these the squares of a row's entries and their sum are numbers with all digits. */
  private static final double SHORTEST = 1e-15;

  private static final double LONGEST = 1e18;
  private static final int[] ALONG_ROW = {1};

  /**
   * The lengths of rows of any finite size, with one for those that are zero. Gradients are finite.
   *
   * <p>A row whose squares are too large or too small for float32 is divided by its largest entry
   * first. On a CPU all are looked at, and this is left out where no row needs it, which is nearly
   * always. A GPU would have to be waited for; there it is done to all.
   */
  static RowLengths of(NDArray rows) {
    NDArray lengths = rows.norm(ALONG_ROW, true);
    if (Scratch.isKnown(lengths, length -> length >= SHORTEST && length <= LONGEST)) {
      return new RowLengths(rows, lengths, Optional.empty(), Optional.empty());
    }
    // The direction does not depend on the scale, so it may be a constant to the gradient.
    NDArray largest = rows.stopGradient().abs().max(ALONG_ROW, true);
    NDArray isZero = largest.eq(0).toType(rows.getDataType(), false);
    NDArray scale = largest.add(isZero);
    NDArray scaled = rows.div(scale);
    return new RowLengths(
        scaled, scaled.norm(ALONG_ROW, true).add(isZero), Optional.of(scale), Optional.of(isZero));
  }

  /** The lengths of the rows that were given, with one for those that are zero. */
  NDArray given() {
    return scale.map(lengths::mul).orElse(lengths);
  }

  /** The rows, of length one each. */
  NDArray unit() {
    return rows.div(lengths);
  }
}
