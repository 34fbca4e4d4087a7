package dev.latentgauge.examples.study.statistics;

import java.util.stream.IntStream;

/**
 * The correlation of pairs that members of a sample have.
 *
 * <p>A resample is given by counts, never written out. So Spearman's needs no sorting in it: both
 * sides are sorted once, and the ranks in a resample follow from a walk past the counts. Either
 * correlation takes O(n) for a resample. The sums are taken about the mean, in two passes.
 *
 * <p>Not thread-safe: the ranks are written into arrays that are kept.
 */
final class DrawnCorrelation implements SampleStatistic {

  private static final int FEWEST = 3;

  private final int[] members;
  private final Ranking x;
  private final Ranking y;
  private final boolean ranked;

  private DrawnCorrelation(double[] x, double[] y, boolean ranked) {
    members = IntStream.range(0, x.length).filter(i -> !Double.isNaN(x[i] + y[i])).toArray();
    this.x = new Ranking(x, members);
    this.y = new Ranking(y, members);
    this.ranked = ranked;
  }

  /** Pearson's; pairs with a NaN are left out. */
  static DrawnCorrelation pearson(double[] x, double[] y) {
    return new DrawnCorrelation(x, y, false);
  }

  /** Spearman's; pairs with a NaN are left out. */
  static DrawnCorrelation spearman(double[] x, double[] y) {
    return new DrawnCorrelation(x, y, true);
  }

  @Override
  public double of(int[] drawn) {
    int[] counts = new int[members.length];
    int total = 0;
    for (int i = 0; i < members.length; i++) {
      counts[i] = drawn[members[i]];
      total += counts[i];
    }
    if (total < FEWEST || x.isConstant(counts) || y.isConstant(counts)) {
      return Double.NaN;
    }
    return ranked
        ? correlation(x.ranks(counts), y.ranks(counts), counts, total)
        : correlation(x.values, y.values, counts, total);
  }

  private static double correlation(double[] x, double[] y, int[] counts, int total) {
    double sumX = 0;
    double sumY = 0;
    for (int i = 0; i < counts.length; i++) {
      sumX += counts[i] * x[i];
      sumY += counts[i] * y[i];
    }
    double meanX = sumX / total;
    double meanY = sumY / total;
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 0; i < counts.length; i++) {
      double dx = x[i] - meanX;
      double dy = y[i] - meanY;
      xx += counts[i] * dx * dx;
      yy += counts[i] * dy * dy;
      xy += counts[i] * dx * dy;
    }
    return Math.max(-1, Math.min(1, xy / (Math.sqrt(xx) * Math.sqrt(yy))));
  }

  /** One side of the pairs. */
  private static final class Ranking {

    private final double[] values;
    private final int[] ascending;
    private final double[] ranks;

    Ranking(double[] all, int[] members) {
      values = IntStream.of(members).mapToDouble(member -> all[member]).toArray();
      ascending = DrawnValues.ascending(values);
      ranks = new double[values.length];
    }

    boolean isConstant(int[] counts) {
      int first = 0;
      while (counts[first] == 0) {
        first++;
      }
      for (int i = first + 1; i < counts.length; i++) {
        if (counts[i] > 0 && values[i] != values[first]) {
          return false;
        }
      }
      return true;
    }

    /** The ranks in a resample, where equal numbers share the average of theirs. */
    double[] ranks(int[] counts) {
      int below = 0;
      int first = 0;
      while (first < ascending.length) {
        int end = first;
        int level = 0;
        double value = values[ascending[first]];
        while (end < ascending.length && values[ascending[end]] == value) {
          level += counts[ascending[end]];
          end++;
        }
        double rank = below + (level + 1) / 2.0;
        for (int i = first; i < end; i++) {
          ranks[ascending[i]] = rank;
        }
        below += level;
        first = end;
      }
      return ranks;
    }
  }
}
