package dev.latentgauge.examples.study.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latentgauge.examples.data.Trec;
import dev.latentgauge.examples.data.Trec.Question;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrecSplitTest {

  private static final Trec QUESTIONS = MadeUpQuestions.trec();

  @Test
  void noQuestionIsInTwoParts() {
    TrecSplit split = TrecSplit.of(QUESTIONS, 1_536);
    assertThat(split.pool()).hasSize(1_536);
    assertThat(split.train()).hasSize(1_872 - 1_536);
    assertThat(split.test()).isEqualTo(QUESTIONS.test());
    assertThat(TrecSplit.texts(split.all())).hasSize(1_872 + 60).doesNotHaveDuplicates();
  }

  @Test
  void aTestQuestionIsNeitherTrainedOnNorEmbedded() {
    List<Question> train = QUESTIONS.train();
    TrecSplit split = TrecSplit.of(new Trec(train, train.subList(0, 30)), 1_536);
    assertThat(split.train()).hasSize(1_872 - 30 - 1_536).doesNotContainAnyElementsOf(split.test());
    assertThat(split.pool()).doesNotContainAnyElementsOf(split.test());
  }

  @Test
  void thePoolIsARandomDrawThatIsAlwaysTheSame() {
    TrecSplit split = TrecSplit.of(QUESTIONS, 1_536);
    assertThat(TrecSplit.of(QUESTIONS, 1_536)).isEqualTo(split);
    assertThat(split.pool().subList(0, 6)).isNotEqualTo(QUESTIONS.train().subList(0, 6));
    double early =
        split.pool().subList(0, 512).stream()
            .filter(QUESTIONS.train().subList(0, 936)::contains)
            .count();
    assertThat(early).as("of 512 drawn from 1,872, half of the first 936").isBetween(206.0, 306.0);
  }

  @Test
  void somethingMustBeLeftToTrainOn() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TrecSplit.of(QUESTIONS, 1_872))
        .withMessage(
            "there must be more than 1,872 different training questions, but there are 1,872");
  }
}
