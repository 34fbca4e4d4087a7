package dev.latentgauge.examples.study.task.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SentenceEncoderTest {

  private static final String QUESTION = "Who wrote the novel Moby Dick ?";
  private static final String PARAPHRASE = "Which author is Moby Dick by ?";
  private static final String UNRELATED = "How many degrees does water boil at ?";

  @ParameterizedTest
  @EnumSource
  void embeddingsHaveLengthOne(SentenceEncoder encoder) throws IOException {
    for (float[] embedding : encoder.embed(List.of(QUESTION, PARAPHRASE, "?", ""))) {
      assertThat(embedding).hasSize(SentenceEncoder.DIMENSIONS);
      assertThat(cosine(embedding, embedding)).isCloseTo(1, within(1e-5));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aParaphraseIsNearerThanAnotherQuestion(SentenceEncoder encoder) throws IOException {
    float[][] embeddings = encoder.embed(List.of(QUESTION, PARAPHRASE, UNRELATED));
    assertThat(cosine(embeddings[0], embeddings[1]))
        .isGreaterThan(cosine(embeddings[0], embeddings[2]) + 0.05);
  }

  @ParameterizedTest
  @EnumSource
  void anEmbeddingDoesNotDependOnTheOthers(SentenceEncoder encoder) throws IOException {
    float[][] together = encoder.embed(List.of(QUESTION, UNRELATED + " " + PARAPHRASE));
    float[][] alone = encoder.embed(List.of(QUESTION));
    assertThat(together[0]).isEqualTo(alone[0]);
  }

  @Test
  void pyTorchStaysTheDefaultEngine() throws IOException {
    SentenceEncoder.MINILM.embed(List.of(QUESTION));
    assertThat(Engine.getDefaultEngineName()).isEqualTo("PyTorch");
    assertThat(Engine.getInstance().getEngineName()).isEqualTo("PyTorch");
  }

  private static double cosine(float[] a, float[] b) {
    double product = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
    }
    return product;
  }
}
