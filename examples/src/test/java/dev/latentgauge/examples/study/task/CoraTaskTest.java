package dev.latentgauge.examples.study.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.latentgauge.examples.data.Cora;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The protocol on papers that are made up; how well it is learnt is for the study to say. */
class CoraTaskTest {

  private static final Cora PAPERS = MadeUpPapers.cora();

  @Test
  void aTenthIsHeldOutAndAnchorsAreLearntFrom() {
    NodeTraining.Parts parts = CoraTask.split(PAPERS.topics());
    assertThat(parts.tests()).hasSize(MadeUpPapers.COUNT / 10);
    assertThat(parts.labels()).hasSize(MadeUpPapers.COUNT - MadeUpPapers.COUNT / 10);
    assertThat(parts.labels().keySet()).doesNotContainAnyElementsOf(parts.tests().keySet());
    assertThat(parts.pool())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, MadeUpPapers.COUNT).boxed().toList());
    assertThat(parts.labels().keySet()).containsAll(parts.pool().subList(0, 1024));
    parts.tests().forEach((paper, topic) -> assertThat(topic).isEqualTo(paper % Cora.TOPICS));
    parts.labels().forEach((paper, topic) -> assertThat(topic).isEqualTo(paper % Cora.TOPICS));
  }

  @ParameterizedTest
  @EnumSource(Scale.class)
  void everyRoleIsTakenAndNoNameTwice(Scale scale) {
    try (CoraTask task = new CoraTask(PAPERS, scale)) {
      List<Run> runs = task.runs();
      assertThat(runs).extracting(Run::name).doesNotHaveDuplicates();
      assertThat(runs.subList(0, 5))
          .extracting(Run::role)
          .containsExactly(
              Role.REFERENCE, Role.CEILING, Role.MEDIOCRE, Role.UNTRAINED, Role.OTHER_ARCHITECTURE);
      assertThat(runs.subList(5, runs.size()))
          .allMatch(run -> run.role() == Role.RUN && run.reference().equals("reference"))
          .hasSize(
              switch (scale) {
                case SMOKE -> 3;
                case REPORT -> 136;
                case FULL -> 640;
              });
      assertThat(runs)
          .allSatisfy(run -> assertThat(run.settings()).containsKeys("architecture", "seed"));
    }
  }

  @Test
  void noReferenceSharesItsFirstWeightsWithARun() {
    try (CoraTask task = new CoraTask(PAPERS, Scale.FULL)) {
      Map<Boolean, List<String>> seeds =
          task.runs().stream()
              .collect(
                  Collectors.partitioningBy(
                      run -> run.role() == Role.RUN,
                      Collectors.mapping(
                          run -> run.settings().getOrDefault("seed", ""), Collectors.toList())));
      assertThat(seeds.get(false))
          .doesNotHaveDuplicates()
          .doesNotContainAnyElementsOf(seeds.get(true));
      assertThat(new HashSet<>(seeds.get(true))).hasSize(5);
    }
  }

  @Test
  void theReportTakesTwoSeedsOfEveryChoiceWithAdam() {
    List<CoraRecipe> adam = CoraGrid.of(Scale.REPORT).stream().filter(CoraRecipe::adam).toList();
    Map<CoraRecipe, Long> choices =
        adam.stream()
            .collect(Collectors.groupingBy(recipe -> recipe.seeded(0), Collectors.counting()));
    assertThat(choices).hasSize(64).allSatisfy((choice, seeds) -> assertThat(seeds).isEqualTo(2));
    assertThat(adam).doesNotHaveDuplicates();
    Map<Integer, Long> seeds =
        adam.stream().collect(Collectors.groupingBy(CoraRecipe::seed, Collectors.counting()));
    assertThat(seeds.values()).allMatch(count -> count == 25 || count == 26).hasSize(5);
  }

  @Test
  void aRunIsRecordedAfterEveryStepThatWasPromised() {
    try (CoraTask task = new CoraTask(PAPERS, Scale.SMOKE)) {
      List<Long> steps = new ArrayList<>();
      task.train(
          task.runs().get(5),
          snapshot -> {
            steps.add(snapshot.step());
            assertThat(Double.isNaN(snapshot.trainingLoss())).isEqualTo(snapshot.step() == 0);
            assertThat(snapshot.layers().keySet()).containsExactly("encoder", "activation");
            assertThat(snapshot.layers().values())
                .extracting(NDArray::getShape)
                .containsOnly(new Shape(MadeUpPapers.COUNT, 8));
            assertThat(snapshot.correct().getShape()).isEqualTo(new Shape(MadeUpPapers.COUNT / 10));
            assertThat(snapshot.correct().getDataType()).isEqualTo(DataType.BOOLEAN);
            assertThat(snapshot.predictions().getShape()).isEqualTo(new Shape(MadeUpPapers.COUNT));
            assertThat(snapshot.predictions().getDataType()).isEqualTo(DataType.INT64);
          });
      assertThat(steps).containsExactly(0L, 1L, 2L, 3L, 4L);
    }
  }

  @Test
  void correctAndPredictionsTellTheSame() {
    try (CoraTask task = new CoraTask(PAPERS, Scale.SMOKE)) {
      NodeTraining.Parts parts = CoraTask.split(PAPERS.topics());
      task.train(
          task.runs().get(0),
          snapshot -> {
            long[] predictions = snapshot.predictions().toLongArray();
            List<Boolean> expected = new ArrayList<>();
            parts
                .tests()
                .forEach(
                    (paper, topic) ->
                        expected.add(predictions[parts.pool().indexOf(paper)] == topic));
            List<Boolean> correct = new ArrayList<>();
            for (boolean right : snapshot.correct().toBooleanArray()) {
              correct.add(right);
            }
            assertThat(correct).isEqualTo(expected);
          });
    }
  }

  @Test
  void ofAReferenceOneSnapshotIsEnough() {
    try (CoraTask task = new CoraTask(PAPERS, Scale.SMOKE)) {
      for (Run run : task.runs().subList(0, 5)) {
        List<Long> steps = new ArrayList<>();
        task.train(run, snapshot -> steps.add(snapshot.step()));
        assertThat(steps).as(run.name()).hasSize(1);
        assertThat(steps.get(0)).isBetween(0L, run.role() == Role.UNTRAINED ? 0L : 4L);
      }
    }
  }

  @Test
  void aSeedAlwaysGivesTheSameTraining() {
    try (CoraTask task = new CoraTask(PAPERS, Scale.SMOKE)) {
      Run run = task.runs().get(5);
      float[] first = lastEncoding(task, run);
      lastEncoding(task, task.runs().get(6));
      assertThat(lastEncoding(task, run)).isEqualTo(first);
    }
  }

  private static float[] lastEncoding(CoraTask task, Run run) {
    List<float[]> encodings = new ArrayList<>();
    task.train(
        run,
        snapshot -> encodings.add(snapshot.layers().values().iterator().next().toFloatArray()));
    return encodings.get(encodings.size() - 1);
  }

  @Test
  void aRunOfAnotherTaskIsRefused() {
    try (CoraTask task = new CoraTask(PAPERS, Scale.SMOKE)) {
      Run other = new Run("other", Role.RUN, "reference", Map.of());
      assertThatIllegalArgumentException()
          .isThrownBy(() -> task.train(other, snapshot -> {}))
          .withMessageContaining("\"other\"");
    }
  }
}
