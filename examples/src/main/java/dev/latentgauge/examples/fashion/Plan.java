package dev.latentgauge.examples.fashion;

import dev.latentgauge.observation.RunInfo;

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
public record Plan(
    String name,
    Network network,
    int width,
    double learningRate,
    int images,
    int epochs,
    double wrongLabels,
    int seed) {

  /** How many images an update sees. */
  public static final int BATCH = 64;

  /** The kinds of networks. */
  public enum Network {
    /** Two convolutions. */
    CNN,
    /** One hidden layer before the embedding. */
    MLP
  }

  /**
   * A training with nothing wrong about it.
   *
   * @param name the name of the run
   * @param network its kind of network
   * @param width channels of the first convolution, or units of the first layer
   * @param seed decides on its weights and on the order of its images
   * @return one pass over 38,400 images
   */
  public static Plan good(String name, Network network, int width, int seed) {
    return new Plan(name, network, width, 0.001, 38_400, 1, 0, seed);
  }

  /**
   * The plan for people in a hurry.
   *
   * @return a plan of about a twentieth of the updates
   */
  public Plan shortened() {
    return images > 1_920
        ? withImages(1_920, epochs)
        : withImages(images, Math.max(1, epochs / 20));
  }

  /**
   * The same, for longer.
   *
   * @param count passes over the data, at least 1
   * @return a changed copy
   */
  public Plan withEpochs(int count) {
    return withImages(images, count);
  }

  /**
   * The same, with other data.
   *
   * @param count how many training images
   * @param passes passes over them
   * @return a changed copy
   */
  public Plan withImages(int count, int passes) {
    return new Plan(name, network, width, learningRate, count, passes, wrongLabels, seed);
  }

  /**
   * The same, at another rate.
   *
   * @param rate the learning rate of Adam
   * @return a changed copy
   */
  public Plan withLearningRate(double rate) {
    return new Plan(name, network, width, rate, images, epochs, wrongLabels, seed);
  }

  /**
   * The same, with worse labels.
   *
   * @param share how many of them are wrong, from 0 to 1
   * @return a changed copy
   */
  public Plan withWrongLabels(double share) {
    return new Plan(name, network, width, learningRate, images, epochs, share, seed);
  }

  /**
   * How many updates the training makes.
   *
   * @return whole batches times epochs
   */
  public int steps() {
    return images / BATCH * epochs;
  }

  /**
   * The run as it is reported.
   *
   * @return a run with a tag for each hyperparameter
   */
  public RunInfo run() {
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
