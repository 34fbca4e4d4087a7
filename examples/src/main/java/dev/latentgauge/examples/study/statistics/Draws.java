package dev.latentgauge.examples.study.statistics;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The members of a sample, and how often each is drawn in each of the resamples.
 *
 * <p>A subset has draws of its own: the runs in it are decided once, by the runs that there are,
 * and then drawn from. Were they decided anew in every resample, the bar that a run must reach
 * would jump with the draw (a best run that is drawn three times fills a best third by itself), and
 * with it the range of accuracies on which a correlation depends: the interval would be one of
 * another question than its estimate answers.
 */
final class Draws {

  private final int[] members;
  private final int[][] counts;

  /**
   * Draws as many as there are, with replacement.
   *
   * @param members indices into all runs
   * @param number of resamples
   * @param seed of {@link Random}, whose numbers are specified, so that they are the same
   *     everywhere
   */
  Draws(int[] members, int number, long seed) {
    this.members = members;
    Random random = new Random(seed);
    counts = new int[number][members.length];
    for (int[] count : counts) {
      for (int i = 0; i < members.length; i++) {
        count[random.nextInt(members.length)]++;
      }
    }
  }

  int size() {
    return members.length;
  }

  /** What the members have of something that all runs have. */
  double[] of(double[] all) {
    return IntStream.of(members).mapToDouble(member -> all[member]).toArray();
  }

  /** The number for the sample itself, and then for each resample. */
  Replicates replicate(SampleStatistic statistic) {
    int[] once = new int[members.length];
    Arrays.fill(once, 1);
    double value = statistic.of(once);
    double[] values = new double[counts.length];
    if (Double.isNaN(value)) {
      Arrays.fill(values, Double.NaN);
    } else {
      Arrays.setAll(values, i -> statistic.of(counts[i]));
    }
    return new Replicates(value, values);
  }
}
