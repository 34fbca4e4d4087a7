package dev.latentgauge.examples.chart;

import java.util.Arrays;
import java.util.Comparator;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** How far two lists of numbers go together, from -1 over 0 (not at all) to 1. */
public final class Correlation {

  private static final int FEWEST = 3;

  private Correlation() {}

  /**
   * Pearson's correlation: how far the pairs lie on a line.
   *
   * @param x finite numbers
   * @param y as many finite numbers
   * @return the correlation in [-1, 1]; empty for fewer than 3 pairs, or if all of {@code x} or all
   *     of {@code y} are the same
   * @throws IllegalArgumentException if there are not as many of one as of the other, or a number
   *     is not finite
   */
  public static OptionalDouble pearson(double[] x, double[] y) {
    requirePairs(x, y);
    if (x.length < FEWEST || isConstant(x) || isConstant(y)) {
      return OptionalDouble.empty();
    }
    double meanX = Arrays.stream(x).average().orElseThrow();
    double meanY = Arrays.stream(y).average().orElseThrow();
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 0; i < x.length; i++) {
      double dx = x[i] - meanX;
      double dy = y[i] - meanY;
      xx += dx * dx;
      yy += dy * dy;
      xy += dx * dy;
    }
    double correlation = xy / (Math.sqrt(xx) * Math.sqrt(yy));
    return OptionalDouble.of(Math.max(-1, Math.min(1, correlation)));
  }

  /**
   * Spearman's correlation: how far the two lists put the pairs into the same order. It is
   * Pearson's of the ranks, where equal numbers share the average of their ranks.
   *
   * @param x finite numbers
   * @param y as many finite numbers
   * @return the correlation in [-1, 1]; empty for fewer than 3 pairs, or if all of {@code x} or all
   *     of {@code y} are the same
   * @throws IllegalArgumentException if there are not as many of one as of the other, or a number
   *     is not finite
   */
  public static OptionalDouble spearman(double[] x, double[] y) {
    requirePairs(x, y);
    return pearson(ranks(x), ranks(y));
  }

  /**
   * The places of numbers when they are put into order.
   *
   * @param values finite numbers
   * @return from 1 for the least; equal numbers share the average of their places
   */
  public static double[] ranks(double[] values) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] ranks = new double[values.length];
    int first = 0;
    while (first < order.length) {
      int last = first;
      while (last + 1 < order.length && values[order[last + 1]] == values[order[first]]) {
        last++;
      }
      for (int i = first; i <= last; i++) {
        ranks[order[i]] = 1 + (first + last) / 2.0;
      }
      first = last + 1;
    }
    return ranks;
  }

  private static boolean isConstant(double[] values) {
    return Arrays.stream(values).allMatch(value -> value == values[0]);
  }

  private static void requirePairs(double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "a correlation needs pairs, but there are %d numbers and %d"
              .formatted(x.length, y.length));
    }
    for (double[] numbers : new double[][] {x, y}) {
      for (int i = 0; i < numbers.length; i++) {
        if (!Double.isFinite(numbers[i])) {
          throw new IllegalArgumentException(
              "the numbers of a correlation must be finite, but number %d is %s"
                  .formatted(i, numbers[i]));
        }
      }
    }
  }
}
