package dev.latentgauge.examples.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class AxisTest {

  @Test
  void ticksAreTheRoundNumbersWithinTheAxis() {
    Axis axis = Axis.over(DoubleStream.of(0.31, 0.72), 0, 5, 0, 100);

    // .41 / 5 = .082, and the nearest of 1, 2, 5 times a power of ten is .1.
    assertThat(numbers(axis)).containsExactly("0.4", "0.5", "0.6", "0.7");
  }

  @Test
  void valuesAtRoundNumbersGetATick() {
    assertThat(numbers(Axis.over(DoubleStream.of(0.1, 0.3), 0, 4, 0, 100)))
        .containsExactly("0.10", "0.15", "0.20", "0.25", "0.30");
  }

  @Test
  void withoutMarginTheAxisEndsWithTheValues() {
    Axis axis = Axis.over(DoubleStream.of(0, 2345), 0, 5, 0, 100);

    assertThat(axis.low()).isZero();
    assertThat(axis.high()).isEqualTo(2345);
    assertThat(numbers(axis)).containsExactly("0", "500", "1,000", "1,500", "2,000");
  }

  @Test
  void theMarginIsAShareOfTheRangeAtEachEnd() {
    Axis axis = Axis.over(DoubleStream.of(20, 10, 15), 0.1, 5, 0, 100);

    assertThat(axis.low()).isEqualTo(9);
    assertThat(axis.high()).isEqualTo(21);
  }

  @Test
  void placesAreProportional() {
    Axis rising = new Axis(0, 1, 0.5, 400, 100);

    assertThat(rising.at(0)).isEqualTo(400);
    assertThat(rising.at(0.25)).isEqualTo(325, within(1e-9));
    assertThat(rising.at(1)).isEqualTo(100);
  }

  @Test
  void percentagesHaveTheDecimalsThatTheTicksNeed() {
    assertThat(percentages(Axis.over(DoubleStream.of(0.70, 0.90), 0, 5, 0, 1)))
        .containsExactly("70 %", "75 %", "80 %", "85 %", "90 %");
    assertThat(percentages(Axis.over(DoubleStream.of(0.900, 0.920), 0, 5, 0, 1)))
        .containsExactly("90.0 %", "90.5 %", "91.0 %", "91.5 %", "92.0 %");
  }

  @Test
  void largeNumbersAreInThousands() {
    assertThat(numbers(Axis.over(DoubleStream.of(0, 12_000), 0, 5, 0, 1)))
        .containsExactly("0", "2k", "4k", "6k", "8k", "10k", "12k");
  }

  @Test
  void zeroHasNoSign() {
    assertThat(numbers(Axis.over(DoubleStream.of(-0.02, 0.02), 0, 4, 0, 1)))
        .containsExactly("-0.02", "-0.01", "0.00", "0.01", "0.02");
  }

  @Test
  void oneValueLiesInTheMiddle() {
    Axis axis = Axis.over(DoubleStream.of(0.5, 0.5), 0, 5, 0, 100);

    assertThat(axis.at(0.5)).isEqualTo(50, within(1e-9));
  }

  @Test
  void withoutValuesTheAxisGoesFromZeroToOne() {
    assertThat(numbers(Axis.over(DoubleStream.empty(), 0, 5, 0, 100)))
        .containsExactly("0.0", "0.2", "0.4", "0.6", "0.8", "1.0");
  }

  @Test
  void aNarrowAxisHasFewerTicksSoThatItsNumbersStayApart() {
    double[] values = {-1, 1};

    assertThat(numbers(Axis.legible(values, 0, 0, 400)))
        .containsExactly("-1.0", "-0.5", "0.0", "0.5", "1.0");
    assertThat(numbers(Axis.legible(values, 0, 0, 100))).containsExactly("-1", "0", "1");
  }

  @Test
  void evenTheNarrowestAxisIsAnAxis() {
    assertThat(numbers(Axis.legible(new double[] {-1, 1}, 0, 0, 1))).isNotEmpty();
    assertThat(numbers(Axis.legible(new double[0], 0, 0, 100))).contains("0.0");
  }

  @Test
  void numbersBetweenTicksHaveTheDecimalsOfAHundredthOfTheAxis() {
    assertThat(new Axis(-1, 1, 1, 0, 1).precise(-0.125)).isEqualTo("-0.13");
    assertThat(new Axis(0, 1, 0.5, 0, 1).precise(0.844)).isEqualTo("0.84");
    assertThat(new Axis(0, 100, 20, 0, 1).precise(84.4)).isEqualTo("84");
    assertThat(new Axis(-1, 1, 1, 0, 1).precise(-0.001)).isEqualTo("0.00");
    assertThat(new Axis(-1, 1, 1, 0, 1).precise(Double.NEGATIVE_INFINITY)).isEqualTo("-∞");
  }

  private static List<String> numbers(Axis axis) {
    return Arrays.stream(axis.ticks()).mapToObj(axis::number).toList();
  }

  private static List<String> percentages(Axis axis) {
    return Arrays.stream(axis.ticks()).mapToObj(axis::percentage).toList();
  }

  @Test
  void anAxisElsewhereHasTheSameScaleAndTicksAsFarApart() {
    Axis axis = new Axis(0, 10, 5, 100, 200).elsewhere(52, 400, 300);

    assertThat(axis.at(52)).isEqualTo(350);
    // Ten pixels a number, upwards.
    assertThat(axis.at(53)).isEqualTo(340);
    assertThat(axis.ticks()).containsExactly(50, 55);
  }
}
