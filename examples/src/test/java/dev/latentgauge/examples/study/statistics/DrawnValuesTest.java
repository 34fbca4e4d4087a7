package dev.latentgauge.examples.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DrawnValuesTest {

  private static final double[] VALUES = {3, Double.NaN, -1, 7, -2};

  @Test
  void eachValueCountsAsOftenAsItWasDrawn() {
    // Drawn: 3 3 -1 7, and an undefined one that counts for nothing.
    int[] counts = {2, 1, 1, 1, 0};

    assertThat(Summary.MEAN.over(VALUES).of(counts)).isEqualTo(3);
    assertThat(Summary.MINIMUM.over(VALUES).of(counts)).isEqualTo(-1);
    assertThat(Summary.SHARE_BELOW_ZERO.over(VALUES).of(counts)).isEqualTo(0.25);
    // Place .9 * 3 = 2.7 of -1 3 3 7: 3 + .7 * 4.
    assertThat(Summary.PERCENTILE_90.over(VALUES).of(counts)).isCloseTo(5.8, within(1e-12));
  }

  @Test
  void zeroIsNotBelowZero() {
    assertThat(
            Summary.SHARE_BELOW_ZERO.over(new double[] {0, -1, -0.0, 1}).of(new int[] {1, 1, 1, 1}))
        .isEqualTo(0.25);
  }

  @Test
  void nothingDrawnHasNoSummary() {
    int[] counts = {0, 3, 0, 0, 0};

    for (Summary summary : Summary.values()) {
      assertThat(summary.over(VALUES).of(counts)).as("%s", summary).isNaN();
      assertThat(summary.over(new double[0]).of(new int[0])).as("%s", summary).isNaN();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aQuantileLiesBetweenTheSortedDraws(long seed) {
    Random random = new Random(seed);
    double[] values = random.doubles(12).toArray();
    int[] counts = random.ints(12, 0, 4).toArray();
    counts[5]++;
    double[] drawn =
        IntStream.range(0, 12)
            .boxed()
            .flatMap(i -> IntStream.range(0, counts[i]).mapToObj(copy -> values[i]))
            .mapToDouble(Double::doubleValue)
            .sorted()
            .toArray();

    for (double share : new double[] {0, 0.025, 0.3, 0.5, 0.9, 0.975, 1}) {
      double place = share * (drawn.length - 1);
      double low = drawn[(int) Math.floor(place)];
      double high = drawn[(int) Math.ceil(place)];
      assertThat(new DrawnValues(values).quantile(counts, share))
          .as("%s", share)
          .isCloseTo(low + (place - Math.floor(place)) * (high - low), within(1e-12));
    }
  }
}
