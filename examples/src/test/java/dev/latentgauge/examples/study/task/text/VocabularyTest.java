package dev.latentgauge.examples.study.task.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VocabularyTest {

  private final Vocabulary vocabulary =
      Vocabulary.of(List.of("Where is Rome ?", "where is Oslo  ?", " Why ? "));

  @Test
  void wordsThatOccurTwiceHaveNumbersInAlphabeticalOrder() {
    assertThat(vocabulary.size()).isEqualTo(2 + 3);
    assertThat(vocabulary.numbers("? is where", 3)).containsExactly(2, 3, 4);
  }

  @Test
  void otherWordsAreUnknown() {
    assertThat(vocabulary.numbers("WHERE is Rome ?", 4)).containsExactly(4, 3, 1, 2);
  }

  @Test
  void sentencesAreFilledUpOrCut() {
    assertThat(vocabulary.numbers("where ?", 4)).containsExactly(4, 2, 0, 0);
    assertThat(vocabulary.numbers("where is Rome ?", 2)).containsExactly(4, 3);
  }
}
