package dev.latentgauge.examples.stitching.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.latentgauge.examples.data.Cora;
import dev.latentgauge.examples.stitching.Representation;
import dev.latentgauge.examples.study.task.MadeUpPapers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Small networks on papers that are easy to tell apart. */
class CoraTrainingsTest {

  private static final Cora PAPERS = MadeUpPapers.cora();
  private static final int ANCHORS = 30;

  private static final double TWICE_CHANCE = 2 / 7.0;

  private static final Split SPLIT = Split.of(PAPERS.topics(), ANCHORS);

  @ParameterizedTest
  @EnumSource(Representation.class)
  void everyRepresentationIsLearntFrom(Representation representation) {
    try (CoraTrainings trainings = new CoraTrainings(PAPERS, plan(60), SPLIT)) {
      Trained trained = trainings.train(representation, Architecture.GCN, 1);
      int seen = representation == Representation.ABSOLUTE ? 16 : ANCHORS;
      assertThat(trained.embeddings().getShape()).isEqualTo(new Shape(MadeUpPapers.COUNT, 16));
      assertThat(trained.projected().getShape()).isEqualTo(new Shape(MadeUpPapers.COUNT, seen));
      assertThat(accuracy(trained.answer(trained.projected()), SPLIT.tested()))
          .isGreaterThan(TWICE_CHANCE);
    }
  }

  @Test
  void aHeadOnCosinesBeatsChanceBehindTheEncoderOfAnotherTraining() {
    try (CoraTrainings trainings = new CoraTrainings(PAPERS, plan(60), SPLIT)) {
      Trained one = trainings.train(Representation.RELATIVE, Architecture.GCN, 1);
      Trained other = trainings.train(Representation.RELATIVE, Architecture.GCN2, 2);
      assertThat(accuracy(one.answer(other.projected()), SPLIT.tested()))
          .isGreaterThan(TWICE_CHANCE);
    }
  }

  @Test
  void theFirstEpochOfTheBestAccuracyIsKept() {
    double highest = -1;
    int first = 0;
    for (int epochs = 0; epochs <= 8; epochs++) {
      try (CoraTrainings trainings = new CoraTrainings(PAPERS, plan(epochs), SPLIT)) {
        Trained best = trainings.train(Representation.RELATIVE, Architecture.GCN, 3);
        double accuracy = accuracy(best.answer(best.projected()), SPLIT.validated());
        assertThat(accuracy).isGreaterThanOrEqualTo(highest);
        first = accuracy > highest ? epochs : first;
        highest = accuracy;
        assertThat(best.epoch()).isEqualTo(first);
      }
    }
    assertThat(first).isPositive();
  }

  @Test
  void aSeedAlwaysGivesTheSameNetwork() {
    try (CoraTrainings trainings = new CoraTrainings(PAPERS, plan(3), SPLIT)) {
      NDArray one = trainings.train(Representation.CENTRED, Architecture.GIN, 1).projected();
      NDArray other = trainings.train(Representation.CENTRED, Architecture.GIN, 2).projected();
      NDArray again = trainings.train(Representation.CENTRED, Architecture.GIN, 1).projected();
      assertThat(again.toFloatArray()).isEqualTo(one.toFloatArray());
      assertThat(other.toFloatArray()).isNotEqualTo(one.toFloatArray());
    }
  }

  private static Plan plan(int epochs) {
    return new Plan(List.of(1, 2), epochs, epochs, ANCHORS, 16, 2, 0);
  }

  private static double accuracy(long[] predicted, Map<Integer, Integer> topics) {
    return topics.entrySet().stream()
            .filter(paper -> predicted[paper.getKey()] == paper.getValue())
            .count()
        / (double) topics.size();
  }
}
