package dev.latentgauge.examples.chart;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Moves labels apart along a line. */
final class Spread {

  private Spread() {}

  /**
   * The places nearest to the wanted ones (by squares) that keep their order and their distance.
   *
   * <p>With y_i = p_i - i gap, "p_i are a gap apart" becomes "y_i do not fall", which is isotonic
   * regression: neighbours that would fall are pooled to their mean. Cutting its result to a range
   * is optimal too.
   *
   * @param wanted where each label would be best, in any order
   * @param gap the least distance between two labels; less where the range is too small for it
   * @param low where a label may be at the lowest
   * @param high where a label may be at the highest
   * @return the place of each label, in the order of {@code wanted}
   */
  static double[] apart(double[] wanted, double gap, double low, double high) {
    int count = wanted.length;
    double distance = count < 2 ? gap : Math.min(gap, (high - low) / (count - 1));
    int[] order =
        IntStream.range(0, count)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> wanted[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] sums = new double[count];
    int[] sizes = new int[count];
    int pools = 0;
    for (int i = 0; i < count; i++) {
      sums[pools] = wanted[order[i]] - i * distance;
      sizes[pools] = 1;
      pools++;
      while (pools > 1 && sums[pools - 1] / sizes[pools - 1] < sums[pools - 2] / sizes[pools - 2]) {
        pools--;
        sums[pools - 1] += sums[pools];
        sizes[pools - 1] += sizes[pools];
      }
    }
    double[] places = new double[count];
    double highest = high - Math.max(0, count - 1) * distance;
    int next = 0;
    for (int pool = 0; pool < pools; pool++) {
      double base = Math.max(low, Math.min(highest, sums[pool] / sizes[pool]));
      for (int i = 0; i < sizes[pool]; i++) {
        places[order[next]] = base + next * distance;
        next++;
      }
    }
    return places;
  }
}
