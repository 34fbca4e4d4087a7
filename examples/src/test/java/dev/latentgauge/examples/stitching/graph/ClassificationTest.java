package dev.latentgauge.examples.stitching.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Ten cases of three classes, true 5, 3 and 2 times. */
class ClassificationTest {

  private static final long[] TRUTH = {0, 0, 0, 0, 0, 1, 1, 1, 2, 2};

  @Test
  void whatIsRightIsCounted() {
    Classification answers = of(0, 0, 0, 0, 1, 1, 1, 0, 0, 0);
    assertThat(answers.accuracy()).isEqualTo(0.6, within(1e-12));
    assertThat(of(TRUTH).accuracy()).isEqualTo(1);
  }

  @Test
  void f1OfAClassCountsAsOftenAsTheClassIsTrue() {
    // Class 0: 4 of 7 answers and of 5 cases, F1 = 8/12; class 1: 2 of 3 and of 3, F1 = 4/6;
    // class 2 is never answered, F1 = 0.
    Classification answers = of(0, 0, 0, 0, 1, 1, 1, 0, 0, 0);
    assertThat(answers.weightedF1()).isEqualTo((5 * 8 / 12.0 + 3 * 4 / 6.0) / 10, within(1e-12));
    assertThat(of(TRUTH).weightedF1()).isEqualTo(1, within(1e-12));
  }

  @Test
  void chanceIsWhatTheSameAnswersReachAtRandom() {
    // Always the largest class: its share. Seven times class 0, three times class 1: 7/10 of 5/10
    // and 3/10 of 3/10.
    assertThat(of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0).chance()).isEqualTo(0.5, within(1e-12));
    assertThat(of(1, 1, 1, 0, 0, 0, 0, 0, 0, 0).chance()).isEqualTo(0.44, within(1e-12));
  }

  @Test
  void theLargestClassIsTheOneThatIsTrueMostOften() {
    assertThat(of(2, 2, 2, 2, 2, 2, 2, 2, 2, 2).largest()).isEqualTo(0.5, within(1e-12));
  }

  private static Classification of(long... predicted) {
    return new Classification(predicted, TRUTH, 3);
  }
}
