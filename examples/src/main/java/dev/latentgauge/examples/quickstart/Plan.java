package dev.latentgauge.examples.quickstart;

import dev.latentgauge.observation.RunInfo;
import java.util.List;

/**
 * How one network is trained.
 *
 * @param name the name of the run
 * @param network its kind of network
 * @param width channels of the first convolution, or units of the first layer
 * @param learningRate of Adam
 * @param images how many training images it gets
 * @param epochs how often it sees each
 * @param wrongLabels the share of its labels that are wrong
 * @param seed decides on its weights and on the order of its images
 */
record Plan(
    String name,
    Network network,
    int width,
    double learningRate,
    int images,
    int epochs,
    double wrongLabels,
    int seed) {

  static final int BATCH = 64;

  /** The kinds of networks. */
  enum Network {
    CNN,
    MLP
  }

  /** A training with nothing wrong about it. */
  static Plan good(String name, Network network, int width, int seed) {
    return new Plan(name, network, width, 0.001, 38_400, 1, 0, seed);
  }

  /** The model that runs are compared with: the same data, for longer. */
  static Plan reference() {
    return good("reference", Network.CNN, 16, 1).withEpochs(5);
  }

  /**
   * Runs from good to bad. All of them make as many updates, so that their curves can be laid over
   * each other.
   */
  static List<Plan> runs() {
    return List.of(
        good("cnn", Network.CNN, 16, 2),
        good("cnn-narrow", Network.CNN, 8, 3),
        good("mlp", Network.MLP, 128, 4),
        good("mlp-narrow", Network.MLP, 6, 5),
        good("cnn-wrong-labels", Network.CNN, 16, 6).withWrongLabels(0.5),
        good("cnn-few-images", Network.CNN, 16, 7).withImages(192, 200),
        good("cnn-slow", Network.CNN, 16, 8).withLearningRate(0.00003),
        good("mlp-too-fast", Network.MLP, 128, 9).withLearningRate(0.1));
  }

  /** The plan for people in a hurry: a twentieth of the updates. */
  Plan shortened() {
    return images > 1_920
        ? withImages(1_920, epochs)
        : withImages(images, Math.max(1, epochs / 20));
  }

  Plan withEpochs(int count) {
    return withImages(images, count);
  }

  Plan withImages(int count, int passes) {
    return new Plan(name, network, width, learningRate, count, passes, wrongLabels, seed);
  }

  private Plan withLearningRate(double rate) {
    return new Plan(name, network, width, rate, images, epochs, wrongLabels, seed);
  }

  private Plan withWrongLabels(double share) {
    return new Plan(name, network, width, learningRate, images, epochs, share, seed);
  }

  /** How many updates the training makes. */
  int steps() {
    return images / BATCH * epochs;
  }

  /** The run as it is reported. */
  RunInfo run() {
    return RunInfo.named(name)
        .withDataset("Fashion-MNIST")
        .tag("network", network.name())
        .tag("width", Integer.toString(width))
        .tag("learning_rate", Double.toString(learningRate))
        .tag("images", Integer.toString(images))
        .tag("wrong_labels", Double.toString(wrongLabels))
        .tag("seed", Integer.toString(seed));
  }
}
