package dev.latentgauge.examples.stitching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class F1Test {

  @Test
  void aClassCountsOnceOrAsOftenAsItIsThere() {
    // Class 0: three there, two said, two right: 4/5. Class 1: one there, two said, one right: 2/3.
    F1 f1 = F1.of(new long[] {0, 0, 0, 1}, new long[] {0, 0, 1, 1}, 2);

    assertThat(f1.macro()).isCloseTo((4.0 / 5 + 2.0 / 3) / 2, within(1e-12));
    assertThat(f1.weighted()).isCloseTo((3 * 4.0 / 5 + 2.0 / 3) / 4, within(1e-12));
  }

  @Test
  void aClassThatIsNeitherThereNorPredictedDoesNotCount() {
    assertThat(F1.of(new long[] {0, 2}, new long[] {0, 2}, 4)).isEqualTo(new F1(1, 1));
  }

  @Test
  void aClassThatIsOnlyPredictedCountsAsZeroAndOnlyInTheMacroMean() {
    // Class 0: two there, one said, one right: 2/3.
    F1 f1 = F1.of(new long[] {0, 0}, new long[] {0, 1}, 2);

    assertThat(f1.macro()).isCloseTo(1.0 / 3, within(1e-12));
    assertThat(f1.weighted()).isCloseTo(2.0 / 3, within(1e-12));
  }

  @Test
  void guessesAreRightAsOftenAsBothSharesSay() {
    // There in halves; said in quarters: of class 0, 2 x 1/2 x 1/4 over 3/4; of class 1, over 5/4.
    F1 guesses = F1.ofGuesses(new long[] {0, 1}, new long[] {1, 0, 1, 1}, 2);

    assertThat(guesses.macro()).isCloseTo((1.0 / 3 + 3.0 / 5) / 2, within(1e-12));
    assertThat(guesses.weighted()).isCloseTo((1.0 / 3 + 3.0 / 5) / 2, within(1e-12));
  }
}
