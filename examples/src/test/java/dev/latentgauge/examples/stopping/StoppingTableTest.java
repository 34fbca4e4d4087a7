package dev.latentgauge.examples.stopping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latentgauge.agent.Stopped;
import dev.latentgauge.agent.Stopped.Best;
import dev.latentgauge.agent.Stopped.Cause;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StoppingTableTest {

  /** Four epochs of ten updates: best at the second, put back are the weights of the first. */
  private static final StoppedRun STOPPED =
      new StoppedRun(
          Kind.MLP,
          7,
          10,
          new TreeMap<>(Map.of(10L, 0.80, 20L, 0.83, 30L, 0.82, 40L, 0.79)),
          new TreeMap<>(Map.of(10L, 0.5, 20L, 0.6)),
          Optional.of(
              new Stopped(
                  Cause.NO_IMPROVEMENT, "", 30, 3, Optional.of(new Best("score", 0.6, 10)))));

  private static final StoppedRun TO_THE_END =
      new StoppedRun(
          Kind.CNN,
          8,
          10,
          new TreeMap<>(Map.of(10L, 0.70, 20L, 0.90)),
          new TreeMap<>(),
          Optional.empty());

  @Test
  void whatAStopCostsIsCountedFromTheBestOfAllEpochs() {
    assertThat(STOPPED.loss()).isEqualTo(3, within(1e-9));
    assertThat(TO_THE_END.loss()).isZero();
    assertThat(StoppingTable.row(STOPPED))
        .isEqualTo("| mlp, seed 7 | 3 of 4 | 1 | 80.00 | 83.00, 2 | 3.00 | 79.00 |\n");
    assertThat(StoppingTable.row(TO_THE_END))
        .isEqualTo("| cnn, seed 8 | not of 2 | 2 | 90.00 | 90.00, 2 | 0.00 | 90.00 |\n");
  }

  @Test
  void theSummaryCountsRunsNearTheirBestAndAveragesTheRest() {
    assertThat(StoppingTable.summary(List.of(STOPPED, TO_THE_END)))
        .contains("Of 2 runs 1 were stopped early, 1 within 1 point of their best accuracy")
        .contains("the worst lost 3.00")
        .contains("lost 1.50 points against the best of all their epochs")
        .contains("were 0.50 better than at their full length")
        .contains("took 88 % of its updates");
  }

  @Test
  void curvesHaveALineForEveryEpoch() {
    assertThat(StoppingTable.curves(List.of(STOPPED)).lines())
        .startsWith("kind,seed,step,score,accuracy", "mlp,7,10,0.500000,0.8000")
        .hasSize(5);
  }
}
