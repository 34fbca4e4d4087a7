package dev.latentgauge.examples.study.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrecTaskTest {

  private TrecTask task;

  @BeforeAll
  void prepare(@TempDir Path cache) {
    task = new TrecTask(MadeUpQuestions.trec(), cache, Scale.SMOKE);
  }

  @AfterAll
  void close() {
    task.close();
  }

  /** On MiniLM, on the mean of words, and on windows of words. */
  @ParameterizedTest
  @ValueSource(strings = {"run-000", "run-002", "other-architecture-minilm"})
  void aTrainingIsRecordedAtThePromisedStepsAndAlwaysTheSame(String name)
      throws IOException, TranslateException {
    List<Moment> moments = train(name);
    int steps = name.startsWith("run") ? 30 : 45;
    assertThat(moments)
        .extracting(Moment::step)
        .isEqualTo(Classification.recordedSteps(steps).stream().map(Integer::longValue).toList());
    assertThat(train(name)).isEqualTo(moments);
  }

  @Test
  void aSnapshotSeesTheWholePoolAndAllTestQuestions() throws IOException, TranslateException {
    task.train(
        run("run-002"),
        snapshot -> {
          assertThat(snapshot.correct().getShape()).isEqualTo(new Shape(60));
          assertThat(snapshot.predictions().getShape()).isEqualTo(new Shape(1_536));
          assertThat(snapshot.predictions().getDataType()).isEqualTo(DataType.INT64);
          assertThat(snapshot.layers().keySet()).containsExactly("encoder", "activation");
          assertThat(snapshot.layers().values())
              .allSatisfy(layer -> assertThat(layer.size(0)).isEqualTo(1_536));
        });
    assertThat(task.anchorPool() + task.probes()).isEqualTo(1_536);
  }

  @Test
  void anUntrainedNetworkIsRecordedOnce() throws IOException, TranslateException {
    assertThat(train("untrained-minilm")).extracting(Moment::step).containsExactly(0L);
  }

  @Test
  void aReferenceLearnsWhatCanBeLearnt() throws IOException, TranslateException {
    List<Moment> moments = train("reference-minilm");
    assertThat(moments.get(moments.size() - 1).right()).isGreaterThan(45);
  }

  @Test
  void aRunMustBeOneOfTheTask() {
    Run stranger = new Run("stranger", Role.RUN, "reference-e5", Map.of());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> task.train(stranger, snapshot -> {}))
        .withMessage("a run must be one of this task, but \"stranger\" is not");
  }

  private List<Moment> train(String name) throws IOException, TranslateException {
    List<Moment> moments = new ArrayList<>();
    task.train(run(name), snapshot -> moments.add(Moment.of(snapshot)));
    return moments;
  }

  private Run run(String name) {
    return task.runs().stream().filter(run -> run.name().equals(name)).findFirst().orElseThrow();
  }

  /** What is left of a snapshot. */
  private record Moment(long step, double loss, long right, List<Float> embedding) {
    static Moment of(Snapshot snapshot) {
      List<Float> embedding = new ArrayList<>();
      for (float value : snapshot.layers().values().iterator().next().get(0).toFloatArray()) {
        embedding.add(value);
      }
      return new Moment(
          snapshot.step(),
          snapshot.trainingLoss(),
          snapshot.correct().countNonzero().getLong(),
          embedding);
    }
  }
}
