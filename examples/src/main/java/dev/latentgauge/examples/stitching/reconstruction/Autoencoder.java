package dev.latentgauge.examples.stitching.reconstruction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.training.loss.Loss;
import dev.latentgauge.examples.stitching.SquaredError;
import java.util.Locale;

/** The two kinds of autoencoders: convolutions down to d numbers, and up from them again. */
enum Autoencoder {
  PLAIN("AE"),
  VARIATIONAL("VAE");

  /** k, as in the paper. */
  static final int ANCHORS = 500;

  /** d: 32 channels of 4 x 4. */
  static final int DIMENSIONS = 512;

  /** Of the normal distribution that a variational decoder has in front. */
  private static final int LATENT = 500;

  private static final int CHANNELS = 16;
  private static final int CORNER = 7;

  private final String title;

  Autoencoder(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  String id() {
    return title.toLowerCase(Locale.ROOT);
  }

  /** From n x 1 x 28 x 28 to n x d. */
  Block encoder() {
    SequentialBlock encoder = new SequentialBlock();
    for (int channels : new int[] {CHANNELS, 2 * CHANNELS}) {
      encoder.add(convolution(channels, 2)).add(Activation.geluBlock());
    }
    return encoder.add(convolution(2 * CHANNELS, 2)).add(Blocks.batchFlattenBlock());
  }

  /** From what it sees of an embedding to n x 1 x 28 x 28, in [0, 1], and what its loss needs. */
  Block decoder() {
    SequentialBlock decoder =
        new SequentialBlock()
            .add(Linear.builder().setUnits((long) CHANNELS * CORNER * CORNER).build())
            .add(Activation.geluBlock())
            .addSingleton(flat -> flat.reshape(flat.getShape().get(0), CHANNELS, CORNER, CORNER))
            .add(convolution(4 * CHANNELS, 1))
            .addSingleton(Autoencoder::unfold)
            .add(Activation.geluBlock())
            .add(convolution(4, 1))
            .addSingleton(Autoencoder::unfold)
            .addSingleton(Activation::sigmoid);
    return this == PLAIN ? decoder : new VariationalDecoder(LATENT, decoder);
  }

  /**
   * From n x 4c x h x w to n x c x 2h x 2w: four channels become the pixels of a square (Shi et al.
   * 2016). DJL has no transposed convolution on PyTorch.
   */
  private static NDArray unfold(NDArray channels) {
    Shape shape = channels.getShape();
    long n = shape.get(0);
    long c = shape.get(1) / 4;
    long h = shape.get(2);
    long w = shape.get(3);
    return channels
        .reshape(n, c, 2, 2, h, w)
        .transpose(0, 1, 4, 2, 5, 3)
        .reshape(n, c, 2 * h, 2 * w);
  }

  private static Block convolution(int channels, int stride) {
    return Conv2d.builder()
        .setKernelShape(new Shape(3, 3))
        .setFilters(channels)
        .optStride(new Shape(stride, stride))
        .optPadding(new Shape(1, 1))
        .build();
  }

  Loss loss() {
    return this == PLAIN ? new SquaredError() : new EvidenceLoss();
  }
}
