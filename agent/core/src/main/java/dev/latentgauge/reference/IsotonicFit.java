package dev.latentgauge.reference;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * The nondecreasing function of the score that is nearest to given accuracies, in least squares.
 *
 * <p>At the given scores it is the isotonic regression, found in O(n) by pooling adjacent violators
 * [1]: accuracies of equal scores are one block from the start, and neighbouring blocks whose means
 * do not increase become one. Each block's value is the mean of its accuracies. Between blocks it
 * is the straight line, since two scores that differ by less than their standard errors should not
 * be a step apart; beyond the outer scores it is constant, since nothing is known there. So it is
 * nondecreasing and continuous everywhere. Immutable.
 *
 * <p>[1] Barlow, Bartholomew, Bremner, Brunk, "Statistical inference under order restrictions",
 * Wiley 1972.
 */
final class IsotonicFit {

  /** Increasing; the first and the last score of each block. */
  private final double[] scores;

  /** The value of the fit at each of them. */
  private final double[] values;

  private IsotonicFit(double[] scores, double[] values) {
    this.scores = scores;
    this.values = values;
  }

  /**
   * Fits some of the given points.
   *
   * @param scores finite, nondecreasing
   * @param accuracies finite, as many
   * @param kept which points count, by their index; one at least
   */
  static IsotonicFit of(double[] scores, double[] accuracies, IntPredicate kept) {
    Blocks blocks = new Blocks(scores.length);
    for (int i = 0; i < scores.length; i++) {
      if (kept.test(i)) {
        blocks.add(scores[i], accuracies[i]);
      }
    }
    return blocks.fit();
  }

  /** The value at a score, which must be finite. */
  double at(double score) {
    int found = Arrays.binarySearch(scores, score);
    if (found >= 0) {
      return values[found];
    }
    int right = -found - 1;
    if (right == 0) {
      return values[0];
    }
    if (right == scores.length) {
      return values[right - 1];
    }
    int left = right - 1;
    double share = (score - scores[left]) / (scores[right] - scores[left]);
    // Not beyond its neighbour by rounding.
    return Math.min(values[left] + share * (values[right] - values[left]), values[right]);
  }

  /**
   * Blocks of neighbouring points. The means increase, but for the last block, which is open until
   * all accuracies of its score are known.
   */
  private static final class Blocks {

    private final double[] first;
    private final double[] last;
    private final double[] sum;
    private final int[] size;
    private int count;

    Blocks(int most) {
      first = new double[most];
      last = new double[most];
      sum = new double[most];
      size = new int[most];
    }

    void add(double score, double accuracy) {
      if (count == 0 || last[count - 1] != score) {
        poolViolators();
        first[count] = score;
        last[count] = score;
        sum[count] = 0;
        size[count] = 0;
        count++;
      }
      sum[count - 1] += accuracy;
      size[count - 1]++;
    }

    private void poolViolators() {
      while (count > 1 && mean(count - 2) >= mean(count - 1)) {
        last[count - 2] = last[count - 1];
        sum[count - 2] += sum[count - 1];
        size[count - 2] += size[count - 1];
        count--;
      }
    }

    private double mean(int block) {
      return sum[block] / size[block];
    }

    IsotonicFit fit() {
      poolViolators();
      double[] scores = new double[2 * count];
      double[] values = new double[2 * count];
      int knots = 0;
      for (int block = 0; block < count; block++) {
        scores[knots] = first[block];
        values[knots++] = mean(block);
        if (last[block] > first[block]) {
          scores[knots] = last[block];
          values[knots++] = mean(block);
        }
      }
      return new IsotonicFit(Arrays.copyOf(scores, knots), Arrays.copyOf(values, knots));
    }
  }
}
