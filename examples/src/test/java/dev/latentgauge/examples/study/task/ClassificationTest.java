package dev.latentgauge.examples.study.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClassificationTest {

  private static final int TRAINED = 60;
  private static final int POOL = 20;
  private static final int TESTED = 30;

  private final Classification examples = examples();

  @AfterEach
  void close() {
    examples.close();
  }

  @Test
  void snapshotsAreTakenAtTheStepsThatAreSaidFromTheUntrainedNetworkOn() throws Exception {
    List<Long> steps = new ArrayList<>();
    examples.train(recipe(0.05, 0, 30), snapshot -> steps.add(snapshot.step()));

    assertThat(steps)
        .isEqualTo(Classification.recordedSteps(30).stream().map(Integer::longValue).toList())
        .startsWith(0L)
        .endsWith(30L);
  }

  @Test
  void aTrainingLearnsAndIsTheSameForTheSameSeed() throws Exception {
    List<Float> first = lastEmbedding(recipe(0.05, 0, 60));
    assertThat(lastEmbedding(recipe(0.05, 0, 60))).isEqualTo(first);
    assertThat(accuracies(recipe(0.05, 0, 60)).get(15)).isGreaterThan(0.9);
  }

  @Test
  void wrongLabelsMakeItWorse() throws Exception {
    List<Double> clean = accuracies(recipe(0.05, 0, 60));
    List<Double> wrong = accuracies(recipe(0.05, 1, 60));
    assertThat(wrong.get(15)).isLessThan(0.5 * clean.get(15));
  }

  @Test
  void aTrainingThatDivergesEndsEarlyAndKeepsWhatWasRecorded() throws Exception {
    assertThat(accuracies(recipe(1e30, 0, 60))).hasSizeBetween(1, 15);
  }

  @Test
  void theLayerAfterTheActivationIsTheActivationOfTheMonitoredOne() throws Exception {
    examples.train(
        recipe(0.05, 0, 15),
        snapshot -> {
          NDArray encoder = layer(snapshot, Classification.ENCODER);
          NDArray activation = layer(snapshot, Classification.ACTIVATION);
          assertThat(encoder.getShape()).isEqualTo(new Shape(POOL, 8));
          assertThat(activation.sub(encoder.maximum(0)).abs().max().getFloat())
              .isEqualTo(0, within(1e-6f));
          assertThat(snapshot.correct().getShape()).isEqualTo(new Shape(TESTED));
          assertThat(snapshot.predictions().getShape()).isEqualTo(new Shape(POOL));
        });
  }

  private List<Float> lastEmbedding(Recipe recipe) throws Exception {
    List<Float> last = new ArrayList<>();
    examples.train(
        recipe,
        snapshot -> {
          last.clear();
          for (float number : layer(snapshot, Classification.ENCODER).toFloatArray()) {
            last.add(number);
          }
        });
    return last;
  }

  private static NDArray layer(Snapshot snapshot, String name) {
    return Objects.requireNonNull(snapshot.layers().get(name), name);
  }

  private List<Double> accuracies(Recipe recipe) throws Exception {
    List<Double> accuracies = new ArrayList<>();
    examples.train(
        recipe,
        snapshot -> accuracies.add((double) snapshot.correct().countNonzero().getLong() / TESTED));
    return accuracies;
  }

  private static Recipe recipe(double learningRate, double wrongLabels, int steps) {
    return new Recipe(
        () ->
            new SequentialBlock()
                .add(Linear.builder().setUnits(16).build())
                .add(Activation.tanhBlock())
                .add(Dropout.builder().optRate(0.1f).build())
                .add(Linear.builder().setUnits(8).build()),
        Activation::reluBlock,
        () -> new Optimization(Optimization.Kind.SGD, learningRate).optimizer(),
        TRAINED,
        wrongLabels,
        10,
        steps,
        7);
  }

  /** Three well separated clouds of points. */
  private static Classification examples() {
    NDManager manager = NDManager.newBaseManager();
    Random random = new Random(3);
    float[] rows = new float[(TRAINED + POOL + TESTED) * 4];
    long[] labels = new long[TRAINED + POOL + TESTED];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % 3;
      for (int j = 0; j < 4; j++) {
        rows[4 * i + j] = (float) (0.3 * random.nextGaussian() + (j == i % 3 ? 2 : 0));
      }
    }
    NDArray all = manager.create(rows, new Shape(labels.length, 4));
    NDArray classes = manager.create(labels);
    return new Classification(
        manager,
        all.get("0:" + TRAINED),
        classes.get("0:" + TRAINED).toLongArray(),
        all.get(TRAINED + ":" + (TRAINED + POOL)),
        all.get((TRAINED + POOL) + ":"),
        classes.get((TRAINED + POOL) + ":"),
        3);
  }
}
