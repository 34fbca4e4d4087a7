package dev.latentgauge.examples.stitching.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitTest {

  private static final List<Integer> TOPICS =
      IntStream.range(0, 95).map(paper -> paper % 7).boxed().toList();

  private final Split split = Split.of(TOPICS, 30);

  @Test
  void everyPaperIsForOneThing() {
    assertThat(split.tested()).hasSize(10);
    assertThat(split.validated()).hasSize(10);
    assertThat(split.learnt()).hasSize(75);
    assertThat(split.learnt().keySet())
        .doesNotContainAnyElementsOf(split.tested().keySet())
        .doesNotContainAnyElementsOf(split.validated().keySet());
    assertThat(split.tested().keySet()).doesNotContainAnyElementsOf(split.validated().keySet());
  }

  @Test
  void papersKeepTheirTopics() {
    assertThat(split.learnt()).allSatisfy((paper, topic) -> assertThat(topic).isEqualTo(paper % 7));
  }

  @Test
  void anchorsAreLearntFrom() {
    assertThat(split.anchors()).hasSize(30).doesNotHaveDuplicates();
    assertThat(split.learnt().keySet()).containsAll(split.anchors());
  }

  @Test
  void itIsAlwaysTheSame() {
    assertThat(Split.of(TOPICS, 30)).isEqualTo(split);
  }
}
