package dev.latentgauge.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GrowthBenchmarkTest {

  @Test
  void aPowerLawHasItsExponent() {
    assertThat(Growth.exponent(List.of(10L, 100L, 1000L), List.of(0.5, 5.0, 50.0)))
        .isCloseTo(1, within(1e-12));
    assertThat(Growth.exponent(List.of(4L, 16L), List.of(3.0, 6.0))).isCloseTo(0.5, within(1e-12));
    assertThat(Growth.exponent(List.of(1L, 2L, 4L), List.of(7.0, 7.0, 7.0)))
        .isCloseTo(0, within(1e-12));
  }

  @Test
  void whatDoesNotGrowWeighsLeastInTheLastStep() {
    List<Double> affine = Stream.of(1, 10, 100).map(size -> 10.0 + size).toList();
    Growth growth =
        new Growth("n", "it", "ms", List.of(1L, 10L, 100L), affine.stream().map(List::of).toList());
    assertThat(growth.exponent().number()).isCloseTo(Math.log10(10) / 2, within(1e-12));
    assertThat(growth.lastExponent().number()).isCloseTo(Math.log10(110 / 20.0), within(1e-12));
  }

  @Test
  void theExponentIsTheMedianOverRounds() {
    Growth growth =
        new Growth(
            "n",
            "it",
            "ms",
            List.of(1L, 10L),
            List.of(List.of(1.0, 1.0, 1.0), List.of(1.0, 10.0, 100.0)));
    assertThat(growth.exponent().number()).isCloseTo(1, within(1e-12));
    assertThat(growth.exponent().low()).isCloseTo(0, within(1e-12));
    assertThat(growth.exponent().high()).isCloseTo(2, within(1e-12));
  }

  @Test
  void whatCannotBeDoneOftenIsDoneOnceARound() throws Exception {
    List<String> done = new ArrayList<>();
    List<List<Double>> seen = Turns.takeOnce(List.of(arm("a", done), arm("b", done)), 2);
    assertThat(done).containsExactly("a", "b", "a", "b", "b", "a");
    assertThat(seen).isEqualTo(List.of(List.of(3.0, 6.0), List.of(4.0, 5.0)));
  }

  /** Answers how many were done before it, and itself. */
  private static Turns.Arm arm(String name, List<String> done) {
    return repetitions -> {
      done.add(name);
      return repetitions * (double) done.size();
    };
  }

  @Test
  void theLargestHistoryCanBeChosen() {
    assertThat(GrowthBenchmark.sizes("--history", "200000", "--seconds", "0.5").histories())
        .containsExactly(200L, 2_000L, 20_000L, 200_000L);
    assertThat(GrowthBenchmark.sizes("--seconds", "0.5").seconds()).isEqualTo(0.5);
    for (String most : List.of("50000", "1234567", "")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> GrowthBenchmark.sizes("--history", most))
          .withMessageContaining("--history " + most);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> GrowthBenchmark.sizes("--seconds"));
  }
}
