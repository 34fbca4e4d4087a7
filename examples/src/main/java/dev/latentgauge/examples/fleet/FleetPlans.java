package dev.latentgauge.examples.fleet;

import dev.latentgauge.examples.fashion.Plan;
import dev.latentgauge.examples.fashion.Plan.Network;
import java.util.ArrayList;
import java.util.List;

/** How the networks of the fleet are trained. */
final class FleetPlans {

  /** The run that is stopped by its score. */
  static final String STOPPED = "mlp-stopped";

  private static final int EPOCHS = 40;
  private static final double RATE = 0.0002;
  private static final int CALIBRATION_EPOCHS = 1;
  private static final int CALIBRATION_IMAGES = 19_200;

  private FleetPlans() {}

  static Plan reference() {
    return Plan.good("reference", Network.CNN, 16, 1).withEpochs(5);
  }

  /** The network of the reference, with random weights of its own: the floor. */
  static Plan floor() {
    return Plan.good("floor", Network.CNN, 16, 12);
  }

  /** As good as the reference, from other weights: the ceiling. */
  static Plan ceiling() {
    return Plan.good("ceiling", Network.CNN, 16, 11).withEpochs(5);
  }

  /** Runs of known accuracy, all of the same number of updates, from hopeless to good. */
  static List<Plan> calibration() {
    List<Plan> plans = new ArrayList<>();
    for (double rate : new double[] {0.00001, 0.00003, 0.0001, 0.0003, 0.001}) {
      for (Network network : Network.values()) {
        int width = network == Network.CNN ? 8 : 64;
        String name = "calibration-" + (plans.size() + 1);
        plans.add(
            Plan.good(name, network, width, 21 + plans.size())
                .withImages(CALIBRATION_IMAGES, CALIBRATION_EPOCHS)
                .withLearningRate(rate));
      }
    }
    return plans;
  }

  /** Trainings that are long enough to be looked at, from good to ruined. */
  static List<Plan> runs() {
    return List.of(
        cnn("cnn", 16, 2),
        cnn("cnn-narrow", 4, 3),
        cnn("cnn-slow", 16, 4).withLearningRate(0.00002),
        cnn("cnn-wrong-labels", 16, 5).withWrongLabels(0.5),
        mlp("mlp", 128, 6),
        mlp("mlp-few-images", 128, 7).withImages(192, EPOCHS * 2_000),
        mlp(STOPPED, 64, 8),
        mlp("mlp-too-fast", 128, 9).withLearningRate(0.1));
  }

  private static Plan cnn(String name, int width, int seed) {
    return Plan.good(name, Network.CNN, width, seed).withEpochs(EPOCHS).withLearningRate(RATE);
  }

  /** They train ten times as fast. */
  private static Plan mlp(String name, int width, int seed) {
    return Plan.good(name, Network.MLP, width, seed).withEpochs(10 * EPOCHS).withLearningRate(RATE);
  }
}
