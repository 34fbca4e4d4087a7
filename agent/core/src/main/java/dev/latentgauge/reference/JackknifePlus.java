package dev.latentgauge.reference;

import dev.latentgauge.observation.Observation.PredictedAccuracy;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * An {@link IsotonicFit} with intervals for the accuracy of one more run, by the jackknife+ [1].
 *
 * <p>Each point's residual is taken from a fit that has not seen it, and each bound of the interval
 * is a quantile over those fits, moved by those residuals. If the new point is exchangeable with
 * the n given ones, the interval contains its accuracy with a probability of at least 1 - 2α, and
 * in practice about 1 - α, whatever the distribution. Up to {@value #MOST_LEFT_OUT_ALONE} points
 * are left out one by one; of more, a twentieth at a time (CV+), which costs at most the square
 * root of 2/n of the bound. The folds are drawn from a fixed seed over the sorted points, so that
 * they depend on the points alone and not on the order in which they were given.
 *
 * <p>Residuals are differences of angles, the arcsine of the square root of the accuracy, in which
 * a proportion has the same variance everywhere [2]: runs of 97 % differ by less than runs of 60 %,
 * and the interval is narrower there, without another model of the spread that had to be fitted.
 * The bound does not depend on that choice, as the proof needs only that points are treated alike
 * [3]. Interval ends lie in [0, 1] by construction, and are nondecreasing in the score, since every
 * fit is.
 *
 * <p>Beyond the outer scores nothing was measured. There the one bound follows from accuracy not
 * decreasing with the score, and the other is given up: 0 below, 1 above. That, and that the
 * interval is widened to contain the value, can only raise the probability. Takes O(n^2) time to
 * make, O(n log n) to ask. Immutable.
 *
 * <p>[1] Barber, Candès, Ramdas, Tibshirani, "Predictive inference with the jackknife+", Annals of
 * Statistics 49, 2021.
 *
 * <p>[2] Bartlett, "The square root transformation in analysis of variance", Supplement to the
 * Journal of the Royal Statistical Society 3, 1936; Anscombe, Biometrika 35, 1948.
 *
 * <p>[3] Gupta, Kuchibhotla, Ramdas, "Nested conformal prediction and quantile out-of-bag ensemble
 * methods", Pattern Recognition 127, 2022.
 */
final class JackknifePlus {

  static final int MOST_LEFT_OUT_ALONE = 1000;

  private static final int FOLDS = 20;
  private static final long SEED = 20;

  /** What products of a coverage and a count may be off by. */
  private static final double ROUNDING = 1e-9;

  private final double lowestScore;
  private final double highestScore;
  private final IsotonicFit whole;
  private final IsotonicFit[] without;

  /** Minus the absolute residuals of each fold, ascending, so that ends are sorted by merging. */
  private final double[][] residuals;

  private final int count;
  private final int rank;

  /**
   * Fits.
   *
   * @param scores finite, nondecreasing; two at least
   * @param accuracies from 0 to 1, as many
   * @param coverage 1 - α
   */
  JackknifePlus(double[] scores, double[] accuracies, double coverage) {
    lowestScore = scores[0];
    highestScore = scores[scores.length - 1];
    whole = IsotonicFit.of(scores, accuracies, i -> true);
    int[] foldOf = folds(scores.length, MOST_LEFT_OUT_ALONE);
    without = new IsotonicFit[Arrays.stream(foldOf).max().orElseThrow() + 1];
    Arrays.setAll(without, fold -> IsotonicFit.of(scores, accuracies, i -> foldOf[i] != fold));
    residuals = new double[without.length][];
    Arrays.setAll(
        residuals,
        fold ->
            IntStream.range(0, foldOf.length)
                .filter(i -> foldOf[i] == fold)
                .mapToDouble(
                    i -> -Math.abs(angle(accuracies[i]) - angle(without[fold].at(scores[i]))))
                .sorted()
                .toArray());
    count = scores.length;
    rank = rank(scores.length, coverage);
  }

  /**
   * The how manieth smallest of n lower ends is the bound, and largest of the upper ends; 0 if
   * there are too few points for the coverage, so that the interval must be everything.
   */
  private static int rank(int n, double coverage) {
    return (int) Math.floor((1 - coverage) * (n + 1) + ROUNDING);
  }

  /** How many points a coverage below 1 needs for an interval that says anything. */
  static long fewest(double coverage) {
    return (long) Math.ceil((1 - ROUNDING) / (1 - coverage)) - 1;
  }

  /** The fold of each of n points: one of its own each, or one of twenty if there are many. */
  static int[] folds(int n, int mostAlone) {
    int[] folds = new int[n];
    Arrays.setAll(folds, i -> n <= mostAlone ? i : i % FOLDS);
    Random random = new Random(SEED);
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = folds[i];
      folds[i] = folds[j];
      folds[j] = swapped;
    }
    return folds;
  }

  /** What accuracy a score means; the score must be finite. */
  PredictedAccuracy at(double score) {
    double value = whole.at(score);
    double low = score < lowestScore || rank == 0 ? 0 : accuracy(end(score, -1));
    double high = score > highestScore || rank == 0 ? 1 : accuracy(-end(score, 1));
    return new PredictedAccuracy(value, Math.min(low, value), Math.max(high, value));
  }

  /**
   * The lower end as an angle, or the upper one with its sign changed: both are the same quantile.
   *
   * @param sign -1 for the lower end, 1 for the upper one
   */
  private double end(double score, int sign) {
    double[] ends = new double[count];
    int filled = 0;
    for (int fold = 0; fold < without.length; fold++) {
      double fit = -sign * angle(without[fold].at(score));
      for (double residual : residuals[fold]) {
        ends[filled++] = fit + residual;
      }
    }
    Arrays.sort(ends);
    return ends[rank - 1];
  }

  private static double angle(double accuracy) {
    return Math.asin(Math.sqrt(accuracy));
  }

  private static double accuracy(double angle) {
    double sine = Math.sin(Math.max(0, Math.min(Math.PI / 2, angle)));
    return sine * sine;
  }
}
