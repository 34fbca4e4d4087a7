package dev.latentgauge.examples.study.statistics;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Numbers that members of a sample have, sorted once, so that order statistics of a resample are a
 * walk past its counts. Those that are NaN are left out.
 */
final class DrawnValues {

  private final int[] members;
  private final double[] values;

  DrawnValues(double[] values) {
    members = ascending(values);
    this.values = IntStream.of(members).mapToDouble(member -> values[member]).toArray();
  }

  /** The indices of the numbers that are not NaN, least number first. */
  static int[] ascending(double[] values) {
    return IntStream.range(0, values.length)
        .filter(i -> !Double.isNaN(values[i]))
        .boxed()
        .sorted(Comparator.comparingDouble(i -> values[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  double mean(int[] counts) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += counts[members[i]] * values[i];
    }
    return sum / drawn(counts);
  }

  double shareBelowZero(int[] counts) {
    double below = 0;
    for (int i = 0; i < values.length && values[i] < 0; i++) {
      below += counts[members[i]];
    }
    return below / drawn(counts);
  }

  /** Between the two drawn values at {@code share} (in [0, 1]) of the way, as NumPy has it. */
  double quantile(int[] counts, double share) {
    int drawn = drawn(counts);
    if (drawn == 0) {
      return Double.NaN;
    }
    double place = share * (drawn - 1);
    int below = (int) place;
    int at = 0;
    int passed = counts[members[0]];
    while (passed <= below) {
      passed += counts[members[++at]];
    }
    double low = values[at];
    double rest = place - below;
    if (rest == 0 || passed > below + 1) {
      return low;
    }
    do {
      at++;
    } while (counts[members[at]] == 0);
    return low + rest * (values[at] - low);
  }

  private int drawn(int[] counts) {
    int drawn = 0;
    for (int member : members) {
      drawn += counts[member];
    }
    return drawn;
  }
}
