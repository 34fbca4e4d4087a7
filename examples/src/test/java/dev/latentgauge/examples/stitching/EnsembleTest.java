package dev.latentgauge.examples.stitching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.latentgauge.examples.stitching.Result.Kin;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EnsembleTest {

  private static final int STEPS = 200;

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  /** Four clouds of points in the plane, which are told apart by their corner. */
  @Test
  void headsOnRelativeRepresentationsWorkBehindOtherEncodersAndOthersDoNot() {
    manager.getEngine().setRandomSeed(1);
    NDArray labels = manager.arange(400).mod(4).toType(DataType.INT64, false);
    NDArray corners = manager.create(new float[][] {{3, 3}, {3, -3}, {-3, 3}, {-3, -3}});
    NDArray inputs = corners.get(labels).add(manager.randomNormal(new Shape(400, 2)));
    NDArray anchors = inputs.get("0:20");

    Results relative = judge(Representation.RELATIVE, inputs, labels, anchors);
    assertThat(mean(relative, "relative", Kin.OWN)).isGreaterThan(0.95);
    assertThat(mean(relative, "relative", Kin.OTHER_SEED)).isGreaterThan(0.9);
    assertThat(relative.all()).hasSize(9);

    Results absolute = judge(Representation.ABSOLUTE, inputs, labels, anchors);
    assertThat(mean(absolute, "absolute", Kin.OWN)).isGreaterThan(0.95);
    assertThat(mean(absolute, "absolute", Kin.OTHER_SEED)).isLessThan(0.8);
    assertThat(mean(absolute, Alignment.LEAST_SQUARES.title(), Kin.OTHER_SEED)).isGreaterThan(0.95);
    assertThat(absolute.all()).hasSize(9 + 2 * 6);
  }

  private Results judge(
      Representation representation, NDArray inputs, NDArray labels, NDArray anchors) {
    int before = manager.getManagedArrays().size();
    try (Ensemble ensemble = new Ensemble()) {
      List<Integer> looked = new ArrayList<>();
      for (int seed = 1; seed <= 3; seed++) {
        ensemble.add(
            new Member("linear", seed),
            Network.train(
                recipe(seed),
                models -> parts(representation, anchors, models),
                inputs,
                labels,
                (step, network) -> looked.add(step)));
      }
      assertThat(looked).hasSize(3 * (STEPS + 1)).startsWith(0, 1).endsWith(STEPS);
      Results results =
          new Results(
              ensemble.judge(
                  representation,
                  "accuracy",
                  anchors,
                  inputs,
                  answers -> answers.argMax(1).eq(labels).countNonzero().getLong() / 400.0));
      assertThat(manager.getManagedArrays()).hasSize(before);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ensemble.network(new Member("linear", 4)))
          .withMessageContaining("seed=4");
      return results;
    }
  }

  private static double mean(Results results, String representation, Kin kin) {
    return results.of(representation, "accuracy", kin).mean().mean();
  }

  private static Network.Recipe recipe(int seed) {
    return new Network.Recipe(
        Loss.softmaxCrossEntropyLoss(),
        Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.02f)).build(),
        50,
        STEPS,
        seed);
  }

  private static Network.Parts parts(
      Representation representation, NDArray anchors, NDManager models) {
    Block encoder = Linear.builder().setUnits(5).build();
    return new Network.Parts(
        encoder,
        representation.layer(encoder, new NDList(anchors), models),
        Linear.builder().setUnits(4).build());
  }

  @Test
  void rowsAreEmbeddedInTheirOrderHoweverManyThereAre() {
    NDArray inputs = manager.randomNormal(new Shape(1203, 2));
    try (Network network =
        Network.train(
            new Network.Recipe(Loss.l2Loss(), Optimizer.adam().build(), 10, 0, 1),
            models -> parts(Representation.ABSOLUTE, inputs, models),
            inputs,
            inputs,
            Network.Observer.NONE)) {
      NDArray all = network.embed(inputs);
      NDArray last = network.embed(inputs.get("1200:1203"));

      assertThat(all.getShape()).isEqualTo(new Shape(1203, 5));
      assertThat(last.toFloatArray())
          .containsExactly(all.get("1200:1203").toFloatArray(), within(1e-6f));
    }
  }
}
