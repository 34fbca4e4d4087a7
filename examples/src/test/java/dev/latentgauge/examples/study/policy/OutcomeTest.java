package dev.latentgauge.examples.study.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomeTest {

  private static final Ending WHOLE = new Ending(true, 4);
  private static final Ending STOPPED = new Ending(false, 1);
  private static final double[] ACCURACIES = {0.80, 0.90, 0.89};

  private static List<Trajectory> runs(double... lastValues) {
    return Arrays.stream(lastValues)
        .mapToObj(value -> new Trajectory("run", new long[] {1, 4}, new double[] {0, value}))
        .toList();
  }

  @Test
  void aRunAPointBelowTheBestIsAsGood() {
    Outcome outcome = Outcome.of(List.of(WHOLE, STOPPED, WHOLE), runs(0.5, 0.9, 0.1), ACCURACIES);
    assertThat(outcome.compute()).isEqualTo(0.75);
    assertThat(outcome.best()).isZero();
    assertThat(outcome.asGood()).isOne();
    assertThat(Outcome.of(List.of(WHOLE, STOPPED, STOPPED), runs(1, 1, 1), ACCURACIES).asGood())
        .isZero();
    assertThat(Outcome.of(List.of(STOPPED, WHOLE, STOPPED), runs(1, 1, 1), ACCURACIES).best())
        .isOne();
  }

  @Test
  void theChosenRunIsTheOneWithTheHighestLastValueAmongThoseThatAreWhole() {
    Outcome outcome = Outcome.of(List.of(WHOLE, STOPPED, WHOLE), runs(0.5, 0.9, 0.1), ACCURACIES);
    assertThat(outcome.regret()).isCloseTo(0.10, within(1e-9));
    assertThat(outcome.regretOfAll()).isZero();
  }

  @Test
  void aRunWithoutAValueIsNotChosen() {
    List<Ending> endings = List.of(WHOLE, STOPPED, WHOLE);
    assertThat(Outcome.of(endings, runs(Double.NaN, 0.9, 0.1), ACCURACIES).regret())
        .isCloseTo(0.01, within(1e-9));
    assertThat(Outcome.of(endings, runs(Double.NaN, 0.9, Double.NaN), ACCURACIES).regret()).isNaN();
  }

  @Test
  void aMeanLeavesOutWhatIsUndefined() {
    Outcome mean =
        Outcome.mean(
            List.of(new Outcome(0.2, 1, 1, 0.1, 0), new Outcome(0.4, 0, 1, Double.NaN, 0.2)));
    assertThat(mean).isEqualTo(new Outcome((0.2 + 0.4) / 2, 0.5, 1, 0.1, 0.1));
  }
}
