package dev.latentgauge.examples.quickstart;

import dev.latentgauge.examples.fashion.Plan;
import dev.latentgauge.examples.fashion.Plan.Network;
import java.util.List;

/** The trainings of the quickstart. */
final class Plans {

  private Plans() {}

  /** The model that runs are compared with: the same data, for longer. */
  static Plan reference() {
    return Plan.good("reference", Network.CNN, 16, 1).withEpochs(5);
  }

  /**
   * Runs from good to bad. All of them make as many updates, so that their curves can be laid over
   * each other.
   */
  static List<Plan> runs() {
    return List.of(
        Plan.good("cnn", Network.CNN, 16, 2),
        Plan.good("cnn-narrow", Network.CNN, 8, 3),
        Plan.good("mlp", Network.MLP, 128, 4),
        Plan.good("mlp-narrow", Network.MLP, 6, 5),
        Plan.good("cnn-wrong-labels", Network.CNN, 16, 6).withWrongLabels(0.5),
        Plan.good("cnn-few-images", Network.CNN, 16, 7).withImages(192, 200),
        Plan.good("cnn-slow", Network.CNN, 16, 8).withLearningRate(0.00003),
        Plan.good("mlp-too-fast", Network.MLP, 128, 9).withLearningRate(0.1));
  }
}
