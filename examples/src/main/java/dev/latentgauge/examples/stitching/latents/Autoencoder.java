package dev.latentgauge.examples.stitching.latents;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.latentgauge.examples.stitching.Network;
import dev.latentgauge.examples.stitching.SquaredError;

/**
 * An autoencoder of images: 784 pixels, 128 and 64 units, d numbers, and back the same way.
 *
 * @param dimensions d of the latent space, at least 1
 * @param steps updates of a training, at least 0
 */
record Autoencoder(int dimensions, int steps) {

  /** Images an update. */
  static final int BATCH = 256;

  private static final float LEARNING_RATE = 1e-3f;
  private static final int PIXELS = 28 * 28;
  private static final int WIDE = 128;
  private static final int NARROW = 64;

  /**
   * Trains one.
   *
   * @param seed of weights and order
   * @param images n x 784 in [0, 1]
   * @return the network, to be closed
   */
  Network train(int seed, NDArray images) {
    return Network.train(
        new Network.Recipe(
            new SquaredError(),
            Optimizer.adam().optLearningRateTracker(Tracker.fixed(LEARNING_RATE)).build(),
            BATCH,
            steps,
            seed),
        manager -> new Network.Parts(encoder(), Blocks.identityBlock(), decoder()),
        images,
        images,
        Network.Observer.NONE);
  }

  private Block encoder() {
    return new SequentialBlock()
        .add(linear(WIDE))
        .add(Activation::relu)
        .add(linear(NARROW))
        .add(Activation::relu)
        .add(linear(dimensions));
  }

  private static Block decoder() {
    return new SequentialBlock()
        .add(linear(NARROW))
        .add(Activation::relu)
        .add(linear(WIDE))
        .add(Activation::relu)
        .add(linear(PIXELS))
        .add(Activation::sigmoid);
  }

  private static Block linear(int units) {
    return Linear.builder().setUnits(units).build();
  }
}
