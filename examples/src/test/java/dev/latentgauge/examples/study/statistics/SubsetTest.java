package dev.latentgauge.examples.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SubsetTest {

  private static final double[] ACCURACIES = {0.3, 0.8, 0.4, 0.7, 0.41, 0.2, 0.6};

  @Test
  void allRunsAreAllRuns() {
    assertThat(Subset.ALL.members(ACCURACIES)).containsExactly(0, 1, 2, 3, 4, 5, 6);
  }

  @Test
  void aRunAtHalfOfTheBestIsNotAboveIt() {
    assertThat(Subset.ABOVE_HALF_OF_BEST.members(ACCURACIES)).containsExactly(1, 3, 4, 6);
  }

  @Test
  void aThirdOfSevenAreThree() {
    assertThat(Subset.BEST_THIRD.members(ACCURACIES)).containsExactly(1, 3, 6);
  }

  @Test
  void whoIsLevelWithTheLastOfTheBestThirdIsInIt() {
    assertThat(Subset.BEST_THIRD.members(new double[] {0.7, 0.9, 0.7, 0.6, 0.7, 0.1}))
        .containsExactly(0, 1, 2, 4);
  }

  @Test
  void noRunsHaveNoSubsets() {
    for (Subset subset : Subset.values()) {
      assertThat(subset.members(new double[0])).isEmpty();
    }
  }
}
