package dev.latentgauge.examples.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.latentgauge.examples.data.Cora;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two papers: one of two words, one of four hundred. */
class WordsTest {

  private static final Cora PAPERS =
      new Cora(
          List.of(List.of(3, 7), IntStream.range(1000, 1400).boxed().toList()),
          List.of(0, 1),
          List.of(),
          Collections.nCopies(2, Cora.Part.NONE));

  private final NDManager manager = NDManager.newBaseManager();
  private final Words words = new Words(PAPERS, manager);

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void theWordsOfAPaperAddUpToOne() {
    float[] values = dense(words.all(manager));
    for (int word = 0; word < Cora.WORDS; word++) {
      assertThat(values[word]).isEqualTo(word == 3 || word == 7 ? 0.5f : 0);
      assertThat(values[Cora.WORDS + word]).isEqualTo(word >= 1000 && word < 1400 ? 1 / 400f : 0);
    }
  }

  @Test
  void wordsThatStayGrow() {
    float[] values = dense(words.thinned(0.75, new Random(1), manager));
    int kept = 0;
    for (int word = 1000; word < 1400; word++) {
      float value = values[Cora.WORDS + word];
      assertThat(value).isIn(0f, 1 / 100f);
      kept += value > 0 ? 1 : 0;
    }
    // 400 words of which a quarter stays: 100, with a standard deviation of 8.7.
    assertThat(kept).isBetween(65, 135);
  }

  @Test
  void nothingIsLeftOfAnEarlierDraw() {
    NDArray earlier = words.thinned(0.5, new Random(1), manager);
    float[] values = dense(earlier);
    NDArray all = words.all(manager);
    assertThat(all.toDense().gt(0).countNonzero().getLong()).isEqualTo(402);
    assertThat(dense(earlier)).isEqualTo(values);
  }

  private static float[] dense(NDArray array) {
    assertThat(array.isSparse()).isTrue();
    assertThat(array.getShape()).isEqualTo(new Shape(2, Cora.WORDS));
    return array.toDense().toFloatArray();
  }
}
