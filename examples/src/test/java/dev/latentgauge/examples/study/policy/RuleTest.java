package dev.latentgauge.examples.study.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RuleTest {

  /** The checkpoints of a training of 5,400 steps. */
  private static double[] checkpoints(Rule rule) {
    return IntStream.rangeClosed(1, 5400)
        .mapToObj(step -> rule.of(5400).checkpoint(0, step))
        .flatMapToDouble(OptionalDouble::stream)
        .distinct()
        .toArray();
  }

  @Test
  void checkpointsAreSharesOfTheTraining() {
    assertThat(checkpoints(Rule.HALVING_BY_3))
        .containsExactly(new double[] {200, 600, 1800}, within(1e-6));
    assertThat(checkpoints(Rule.HALVING_BY_2))
        .containsExactly(new double[] {337.5, 675, 1350, 2700}, within(1e-6));
    assertThat(checkpoints(Rule.HYPERBAND))
        .containsExactly(new double[] {200, 600, 1800}, within(1e-6));
    assertThat(checkpoints(Rule.HALVING_LATER))
        .containsExactly(new double[] {600, 1800}, within(1e-6));
    assertThat(checkpoints(Rule.MEDIAN))
        .containsExactly(
            new double[] {540, 1080, 1620, 2160, 2700, 3240, 3780, 4320, 4860}, within(1e-6));
  }
}
