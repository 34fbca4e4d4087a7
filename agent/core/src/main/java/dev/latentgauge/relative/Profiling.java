package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.util.Optional;
import java.util.function.Function;

/** Computes profiles of cosines, which are used up, and goes the way back. */
final class Profiling {

  /** The least standard deviation; that of rounding is about 1e-7 in float32. */
  private static final double SMALLEST_DEVIATION = 1e-5;

  private static final double NO_DIVISION_BY_ZERO = 1e-12;
  private static final int[] ALONG_ROW = {1};
  private static final int[] ALONG_COLUMN = {0};

  private final NDArray sum;
  private final Back back;

  private Profiling(NDArray sum, Back back) {
    this.sum = sum;
    this.back = back;
  }

  /** Turns cosines into profiles. */
  static Profiling of(Profile profile, RowBlocks rows) {
    if (profile instanceof Profile.Cosine) {
      return new Profiling(shorten(rows), (cosines, slopes) -> unshorten(rows, cosines, slopes));
    } else if (profile instanceof Profile.Soft soft) {
      return softened(rows, soft.temperature());
    } else if (profile instanceof Profile.AdaptiveSoft) {
      return softened(rows, AdaptiveTemperature.of(rows.matrix().stopGradient()));
    } else if (profile instanceof Profile.Neighbours neighbours) {
      return new Profiling(
          mark(rows, neighbours.count()),
          (cosines, slopes) -> {
            throw new IllegalStateException("no gradient flows through the profile " + profile);
          });
    }
    Moments moments = centre(rows);
    NDArray sample =
        EvenlySpaced.rows(rows.matrix().stopGradient(), AdaptiveTemperature.ROWS)
            .div(moments.deviation());
    double temperature = AdaptiveTemperature.of(sample);
    NDArray divisor = Scratch.times(moments.deviation(), 2 * temperature);
    return new Profiling(
        soften(rows, divisor),
        (cosines, slopes) -> unstandardise(rows, cosines, moments, divisor, slopes));
  }

  private static Profiling softened(RowBlocks rows, double temperature) {
    NDArray twice = Scratch.number(rows.manager(), 2 * temperature);
    NDArray divisor = twice.add(unlessFinite(rows));
    return new Profiling(
        soften(rows, divisor), (cosines, slopes) -> unsoften(rows, divisor, slopes));
  }

  /** The sum of each of the profiles' columns, k numbers. */
  NDArray sum() {
    return sum;
  }

  /**
   * Turns the profiles, which must have been overwritten, into a gradient by the cosines, with the
   * temperature held constant.
   *
   * @param cosines n x k, what the profiles were computed from, which stays as it is
   * @param slopes the gradient by the profiles of a block, b x k, which is used up; profiles keep
   *     their length, so it does not matter what it says along them
   * @throws IllegalStateException if the profile is not differentiable
   */
  void back(NDArray cosines, Function<RowBlocks.Block, NDArray> slopes) {
    back.from(cosines, block -> tangents(block.rows(), slopes.apply(block)));
  }

  /** What of slopes is across each profile: they are directions, and cannot become longer. */
  private static NDArray tangents(NDArray profiles, NDArray slopes) {
    NDArray along = slopes.mul(profiles).sum(ALONG_ROW, true);
    return slopes.subi(profiles.mul(along));
  }

  /** Puts a gradient by the cosines in the place of the profiles. */
  @FunctionalInterface
  private interface Back {
    void from(NDArray cosines, Function<RowBlocks.Block, NDArray> tangents);
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

  private static void unshorten(
      RowBlocks profiles, NDArray cosines, Function<RowBlocks.Block, NDArray> tangents) {
    profiles.forEach(
        block -> {
          block.replace(tangents.apply(block));
          block.divide(RowLengths.of(block.of(cosines)).given());
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
   * Of the cosines to each anchor.
   *
   * @param counts n x 1, one for rows that count and zero for rows of zeros; absent where all count
   * @param number how many rows count, one element
   * @param mean 1 x k
   * @param deviation 1 x k, the standard deviation
   */
  private record Moments(
      Optional<NDArray> counts, NDArray number, NDArray mean, NDArray deviation) {}

  /** Makes zeros of the rows that do not count. */
  private static void clear(RowBlocks.Block block, Optional<NDArray> counts) {
    counts.ifPresent(counted -> block.multiply(block.of(counted)));
  }

  /**
   * Takes its mean off each column, without rows of zeros, which do not count and stay what they
   * are.
   */
  private static Moments centre(RowBlocks cosines) {
    Optional<NDArray> counts = cosines.zeroRows().map(zeros -> zeros.neg().add(1));
    NDArray number =
        counts.map(counted -> counted.sum().add(NO_DIVISION_BY_ZERO)).orElseGet(cosines::count);
    NDArray mean = cosines.columnSums().div(number);
    NDArray squares =
        cosines.total(
            block -> {
              block.subtract(mean);
              clear(block, counts);
              return block.rows().square().sum(ALONG_COLUMN, true);
            });
    NDArray deviation = squares.div(number).add(SMALLEST_DEVIATION * SMALLEST_DEVIATION).sqrt();
    return new Moments(counts, number, mean, deviation);
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

  /** A profile is the direction of exponentials, each of which changes as it is large. */
  private static void unsoften(
      RowBlocks profiles, NDArray divisor, Function<RowBlocks.Block, NDArray> tangents) {
    profiles.forEach(
        block -> {
          block.multiply(tangents.apply(block));
          block.divide(divisor);
        });
  }

  /**
   * As {@link #unsoften}, and less what a change does to the mean of its column and to the standard
   * deviation: with g the gradient by what is standardised, and s that itself, it is g less the
   * mean of g, less s times the mean of g s.
   */
  private static void unstandardise(
      RowBlocks profiles,
      NDArray cosines,
      Moments moments,
      NDArray divisor,
      Function<RowBlocks.Block, NDArray> tangents) {
    NDArray means =
        profiles.total(
            block -> {
              block.multiply(tangents.apply(block));
              clear(block, moments.counts());
              NDArray products = standardised(block, cosines, moments).muli(block.rows());
              return NDArrays.stack(
                  new NDList(block.rows().sum(ALONG_COLUMN), products.sum(ALONG_COLUMN)));
            });
    means.divi(moments.number());
    NDArray mean = means.get(0);
    NDArray along = means.get(1);
    profiles.forEach(
        block -> {
          block.subtract(mean);
          block.subtract(standardised(block, cosines, moments).muli(along));
          clear(block, moments.counts());
          block.divide(divisor);
        });
  }

  private static NDArray standardised(RowBlocks.Block block, NDArray cosines, Moments moments) {
    return block.of(cosines).sub(moments.mean()).divi(moments.deviation());
  }
}
