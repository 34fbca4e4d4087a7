package dev.latentgauge.agent.attach;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Epochs that nobody tells of. */
class EpochsTest {

  private final Epochs epochs = new Epochs();
  private final List<Integer> endedBefore = new ArrayList<>();
  private int steps;

  private void steps(int count) {
    for (int i = 0; i < count; i++) {
      if (epochs.stepBegins()) {
        endedBefore.add(steps);
      }
      steps++;
    }
  }

  private void pass(int count) {
    epochs.passBegins();
    steps(count);
  }

  private void validation() {
    epochs.passBegins();
    epochs.evaluates();
    epochs.evaluates();
  }

  @Test
  void aPassWithUpdatesIsAnEpoch() {
    pass(10);
    validation();
    pass(10);
    validation();
    pass(10);
    assertThat(endedBefore).containsExactly(10, 20);
    assertThat(epochs.trainingEnds()).isTrue();
  }

  @Test
  void aValidationInTheMiddleIsNoEnd() {
    pass(4);
    validation();
    steps(4);
    validation();
    pass(8);
    assertThat(endedBefore).containsExactly(8);
  }

  @Test
  void aPassThatIsBrokenOffIsNoEpoch() {
    pass(10);
    pass(3);
    assertThat(endedBefore).containsExactly(10);
    assertThat(epochs.trainingEnds()).isFalse();
  }

  @Test
  void aLoopThatTellsIsLeftToIt() {
    pass(10);
    epochs.told();
    pass(10);
    assertThat(endedBefore).isEmpty();
    assertThat(epochs.trainingEnds()).isFalse();
  }

  @Test
  void aLoopWithoutPassesIsOneEpoch() {
    steps(10);
    assertThat(endedBefore).isEmpty();
    assertThat(epochs.trainingEnds()).isTrue();
  }

  @Test
  void nothingIsNoEpoch() {
    validation();
    assertThat(epochs.trainingEnds()).isFalse();
  }

  @Test
  void aFitTellsAndALoopAfterItNeedNot() {
    epochs.fitBegins();
    pass(10);
    epochs.told();
    pass(10);
    epochs.told();
    epochs.fitEnds();
    pass(7);
    pass(7);
    assertThat(endedBefore).containsExactly(27);
    assertThat(epochs.trainingEnds()).isTrue();
  }
}
