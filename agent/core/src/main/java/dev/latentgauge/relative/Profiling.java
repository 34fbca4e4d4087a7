package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import java.util.Optional;

/** Computes profiles of cosines, which are used up. */
final class Profiling {

  /** The least standard deviation; that of rounding is about 1e-7 in float32. */
  private static final double SMALLEST_DEVIATION = 1e-5;

  private static final double NO_DIVISION_BY_ZERO = 1e-12;
  private static final int[] ALONG_ROW = {1};
  private static final int[] ALONG_COLUMN = {0};

  private Profiling() {}

  /** Turns cosines into profiles, and answers the sum of each of their columns, k numbers. */
  static NDArray of(Profile profile, RowBlocks cosines) {
    if (profile instanceof Profile.Cosine) {
      return shorten(cosines);
    } else if (profile instanceof Profile.Soft soft) {
      return soften(cosines, soft.temperature());
    } else if (profile instanceof Profile.AdaptiveSoft) {
      return soften(cosines, AdaptiveTemperature.of(cosines.matrix().stopGradient()));
    } else if (profile instanceof Profile.Neighbours neighbours) {
      return mark(cosines, neighbours.count());
    }
    NDArray deviation = centre(cosines);
    NDArray sample =
        EvenlySpaced.rows(cosines.matrix().stopGradient(), AdaptiveTemperature.ROWS).div(deviation);
    double temperature = AdaptiveTemperature.of(sample);
    return soften(cosines, Scratch.times(deviation, 2 * temperature));
  }

  private static NDArray soften(RowBlocks cosines, double temperature) {
    NDArray divisor = Scratch.number(cosines.manager(), 2 * temperature);
    return soften(cosines, divisor.add(unlessFinite(cosines)));
  }

  /** 1 x k, zero, or not a number where a column has one that is not finite, minus infinity too. */
  private static NDArray unlessFinite(RowBlocks cosines) {
    NDArray sums = cosines.columnSums().stopGradient();
    return sums.sub(sums);
  }

  private static NDArray shorten(RowBlocks cosines) {
    return cosines.total(
        block -> {
          RowLengths lengths = RowLengths.of(block.rows());
          block.replace(lengths.rows());
          block.divide(lengths.lengths());
          lengths.zeroRows().ifPresent(rows -> block.add(uniform(cosines, rows)));
          return block.rows().sum(ALONG_COLUMN);
        });
  }

  private static NDArray mark(RowBlocks cosines, int count) {
    if (count > cosines.columns()) {
      throw new IllegalArgumentException(
          "the neighbours must be at most the number of anchors, but are "
              + count
              + " of "
              + cosines.columns());
    }
    Optional<NDArray> zeroRows = cosines.zeroRows();
    NDArray unlessFinite = unlessFinite(cosines);
    return cosines.total(
        block -> {
          block.replace(NearestAnchors.marks(block.rows(), count).div(Math.sqrt(count)));
          block.add(unlessFinite);
          zeroRows.ifPresent(rows -> block.add(uniform(cosines, block.of(rows))));
          return block.rows().sum(ALONG_COLUMN);
        });
  }

  private static NDArray uniform(RowBlocks cosines, NDArray rows) {
    return rows.mul(1 / Math.sqrt((double) cosines.columns()));
  }

  /**
   * Takes its mean off each column, without rows of zeros, which do not count and stay what they
   * are.
   *
   * @return 1 x k, the standard deviation of each column
   */
  private static NDArray centre(RowBlocks cosines) {
    Optional<NDArray> counts = cosines.zeroRows().map(zeros -> zeros.neg().add(1));
    NDArray number =
        counts.map(counted -> counted.sum().add(NO_DIVISION_BY_ZERO)).orElseGet(cosines::count);
    NDArray mean = cosines.columnSums().div(number);
    NDArray squares =
        cosines.total(
            block -> {
              block.subtract(mean);
              counts.ifPresent(counted -> block.multiply(block.of(counted)));
              return block.rows().square().sum(ALONG_COLUMN, true);
            });
    return squares.div(number).add(SMALLEST_DEVIATION * SMALLEST_DEVIATION).sqrt();
  }

  /**
   * The square root of the softmax, at half of what cosines are divided by.
   *
   * <p>It is computed as the direction of the softmax at twice that temperature, which has the same
   * ratios: its gradient is finite where probabilities underflow, as that of a square root is not,
   * and it needs no logarithm.
   *
   * @param divisor twice the temperature, one element or 1 x k
   */
  private static NDArray soften(RowBlocks cosines, NDArray divisor) {
    return cosines.total(
        block -> {
          block.divide(divisor);
          block.replace(block.rows().softmax(1));
          block.divide(block.rows().norm(ALONG_ROW, true));
          return block.rows().sum(ALONG_COLUMN);
        });
  }
}
