package dev.latentgauge.examples.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpreadTest {

  @Test
  void labelsThatHaveRoomStayWhereTheyAre() {
    assertThat(Spread.apart(new double[] {50, 10, 90}, 20, 0, 100)).containsExactly(50, 10, 90);
  }

  @Test
  void labelsThatCollideAreMovedApartByTheSameAmount() {
    // 50 and 54 become a gap of 20 around their mean of 52.
    assertThat(Spread.apart(new double[] {54, 50}, 20, 0, 100)).containsExactly(62, 42);
  }

  @Test
  void aPushedLabelPushesTheNext() {
    // Around the mean of 50, 54 and 66: 56.67 - 20, 56.67, 56.67 + 20.
    double mean = 170 / 3.0;

    assertThat(Spread.apart(new double[] {50, 54, 66}, 20, 0, 100))
        .containsExactly(new double[] {mean - 20, mean, mean + 20}, within(1e-9));
  }

  @Test
  void labelsAtTheEdgeStayInside() {
    assertThat(Spread.apart(new double[] {99, 100}, 20, 0, 100)).containsExactly(80, 100);
    assertThat(Spread.apart(new double[] {0, 1}, 20, 0, 100)).containsExactly(0, 20);
  }

  @Test
  void tooManyLabelsShareTheRoom() {
    assertThat(Spread.apart(new double[] {5, 5, 5, 5, 5}, 20, 0, 40))
        .containsExactly(0, 10, 20, 30, 40);
  }

  @Test
  void oneLabelAndNoneAreFine() {
    assertThat(Spread.apart(new double[] {120}, 20, 0, 100)).containsExactly(100);
    assertThat(Spread.apart(new double[0], 20, 0, 100)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void noTwoLabelsComeCloserThanTheGapAndTheirOrderStays(long seed) {
    Random random = new Random(seed);
    double[] wanted = random.doubles(12, 0, 300).sorted().toArray();

    double[] places = Spread.apart(wanted, 15, 0, 300);

    for (int i = 1; i < places.length; i++) {
      assertThat(places[i] - places[i - 1])
          .as("in %s", Arrays.toString(places))
          .isGreaterThan(14.999);
    }
    assertThat(places[0]).isGreaterThanOrEqualTo(0);
    assertThat(places[11]).isLessThanOrEqualTo(300);
  }
}
