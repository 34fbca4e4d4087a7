package dev.latentgauge.examples.stitching.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latentgauge.examples.chart.Correlation;
import dev.latentgauge.examples.stitching.Estimate;
import dev.latentgauge.examples.stitching.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AssociationTest {

  @Test
  void equalValuesShareTheirRanks() {
    assertThat(Correlation.ranks(new double[] {3, 1, 3, 2})).containsExactly(3.5, 1, 3.5, 2);
  }

  @Test
  void residualsAreWhatTwoOthersDoNotExplain() {
    // 1 + 2 a - b, and something at right angles to both and to a constant.
    double[] a = {1, 1, -1, -1};
    double[] b = {1, -1, 1, -1};
    double[] other = {1, -1, -1, 1};
    double[] values = new double[4];
    for (int i = 0; i < 4; i++) {
      values[i] = 1 + 2 * a[i] - b[i] + 3 * other[i];
    }
    assertThat(Association.residuals(values, a, b))
        .containsExactly(new double[] {3, -3, -3, 3}, within(1e-12));
  }

  @Test
  void whatOwnAccuraciesSayIsNotCountedForAMeasure() {
    List<Pair> pairs = pairs();
    // Both go up with the head's own accuracy, and have nothing else in common.
    Estimate plain = Association.plain(pairs, Pair::score, Pair::stitched);
    Estimate given = Association.givenOwn(pairs, Pair::score, Pair::stitched);

    assertThat(plain.mean()).isGreaterThan(0.8);
    assertThat(given.mean()).isBetween(-0.3, 0.3);
    assertThat(given.low()).isLessThan(0);
    assertThat(given.high()).isGreaterThan(0);
    assertThat(plain.count()).isEqualTo(90);
  }

  private static List<Pair> pairs() {
    Random random = new Random(1);
    List<Pair> pairs = new ArrayList<>();
    for (int encoder = 0; encoder < 10; encoder++) {
      for (int head = 0; head < 10; head++) {
        if (encoder != head) {
          double own = head / 10.0;
          pairs.add(
              new Pair(
                  new Member("cnn", encoder),
                  1,
                  new Member("cnn", head),
                  1,
                  own + 0.1 * random.nextGaussian(),
                  0,
                  encoder / 10.0,
                  own,
                  own + 0.1 * random.nextGaussian()));
        }
      }
    }
    return pairs;
  }

  @Test
  void whatIsLostIsAgainstTheWorseOfTheTwo() {
    Pair pair = new Pair(new Member("a", 1), 1, new Member("b", 1), 1, 0, 0, 0.9, 0.8, 0.5);

    assertThat(pair.lost()).isEqualTo(0.3, within(1e-12));
    assertThat(pair.isOfOneArchitecture()).isFalse();
  }
}
