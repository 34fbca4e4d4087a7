package dev.latentgauge.examples.study.task;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.latentgauge.examples.data.Cora;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The task on papers that are made up. */
class PlanetoidTaskTest {

  private static final Cora PAPERS = MadeUpPapers.cora();
  private static final int OUTSIDE = MadeUpPapers.COUNT - 140 - MadeUpPapers.TESTED;

  @Test
  void fortyEightRunsVaryEverySetting() {
    try (PlanetoidTask task = new PlanetoidTask(PAPERS, Scale.REPORT)) {
      assertThat(task.runs()).extracting(Run::name).doesNotHaveDuplicates();
      assertThat(task.runs().stream().filter(run -> run.role() != Role.RUN).map(Run::role))
          .containsExactlyInAnyOrder(
              Role.REFERENCE, Role.CEILING, Role.MEDIOCRE, Role.UNTRAINED, Role.OTHER_ARCHITECTURE);
      List<Run> runs = task.runs().stream().filter(run -> run.role() == Role.RUN).toList();
      assertThat(runs).hasSize(48).allMatch(run -> run.reference().equals("reference"));
      assertThat(counts(runs, "label_noise").values()).containsExactly(16L, 16L, 16L);
      assertThat(counts(runs, "labels_per_topic").values()).containsExactly(12L, 12L, 12L, 12L);
      assertThat(counts(runs, "optimizer").values()).containsExactly(24L, 24L);
      assertThat(counts(runs, "width").values()).hasSize(5).allMatch(n -> n == 9 || n == 10);
    }
  }

  private static Map<String, Long> counts(List<Run> runs, String setting) {
    return runs.stream()
        .collect(
            Collectors.groupingBy(
                run -> run.settings().getOrDefault(setting, ""), Collectors.counting()));
  }

  @Test
  void thePoolIsNeitherLearntFromNorTested() {
    try (PlanetoidTask task = new PlanetoidTask(PAPERS, Scale.SMOKE)) {
      assertThat(task.pool())
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, MadeUpPapers.COUNT)
                  .filter(
                      paper ->
                          PAPERS.parts().get(paper) != Cora.Part.TRAIN
                              && PAPERS.parts().get(paper) != Cora.Part.TEST)
                  .boxed()
                  .toList());
      assertThat(task.anchorPool() + task.probes()).isLessThanOrEqualTo(OUTSIDE);
    }
  }

  @Test
  void aRunIsRecordedAfterEveryStepThatWasPromised() {
    try (PlanetoidTask task = new PlanetoidTask(PAPERS, Scale.SMOKE)) {
      List<Long> steps = new ArrayList<>();
      task.train(
          task.runs().get(5),
          snapshot -> {
            steps.add(snapshot.step());
            assertThat(snapshot.correct().getShape()).isEqualTo(new Shape(MadeUpPapers.TESTED));
            assertThat(snapshot.predictions().getShape()).isEqualTo(new Shape(OUTSIDE));
            assertThat(snapshot.layers().keySet()).containsExactly("encoder", "activation");
            List<NDArray> layers = List.copyOf(snapshot.layers().values());
            assertThat(layers.get(0).getShape().get(0)).isEqualTo(OUTSIDE);
            assertThat(layers.get(1)).isEqualTo(layers.get(0).maximum(0));
          });
      assertThat(steps).containsExactly(0L, 1L, 2L, 3L, 4L);
    }
  }

  @Test
  void ofAReferenceOneSnapshotIsEnough() {
    try (PlanetoidTask task = new PlanetoidTask(PAPERS, Scale.SMOKE)) {
      for (Run run : task.runs().subList(0, 5)) {
        List<Long> steps = new ArrayList<>();
        task.train(run, snapshot -> steps.add(snapshot.step()));
        assertThat(steps).as(run.name()).hasSize(1);
      }
    }
  }

  @Test
  void fewLabelsAreThoseOfEveryTopic() {
    Map<Integer, Integer> learnt = recipe(5, 0).learnt(topics());
    assertThat(learnt).hasSize(5 * Cora.TOPICS);
    learnt.forEach((paper, topic) -> assertThat(topic).isEqualTo(paper % Cora.TOPICS));
    assertThat(new HashMap<>(learnt).values().stream().distinct()).hasSize(Cora.TOPICS);
  }

  @Test
  void noiseReplacesSomeOfTheLabelsAndNoneOfThePapers() {
    Map<Integer, Integer> clean = recipe(20, 0).learnt(topics());
    Map<Integer, Integer> noisy = recipe(20, 0.6).learnt(topics());
    assertThat(noisy.keySet()).containsExactlyInAnyOrderElementsOf(clean.keySet());
    long changed =
        noisy.entrySet().stream()
            .filter(label -> label.getValue() != label.getKey() % Cora.TOPICS)
            .count();
    // 140 labels, .6 replaced, of which a seventh by the same topic: 72 with a deviation of 5.9.
    assertThat(changed).isBetween(48L, 96L);
  }

  private static PlanetoidRecipe recipe(int labels, double noise) {
    return new PlanetoidRecipe(2, 8, 0.5, true, 0.01f, 0, labels, noise, 7);
  }

  private static Map<Integer, Integer> topics() {
    return IntStream.range(0, 140)
        .boxed()
        .collect(Collectors.toMap(paper -> paper, paper -> paper % Cora.TOPICS));
  }
}
