package dev.latentgauge.examples.stitching.images;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.transformer.TransformerEncoderBlock;
import dev.latentgauge.examples.data.FashionMnist;

/** Three ways to embed an image of 28 x 28 pixels in d numbers. */
public enum Architecture {
  /** Three convolutions that halve the image. */
  CNN,
  /** Two hidden layers on all pixels. */
  MLP,
  /** Two layers of attention over 16 patches of 7 x 7 pixels (Dosovitskiy et al. 2021). */
  VIT;

  /** d. */
  static final int DIMENSIONS = 128;

  private static final int SIDE = 28;
  private static final int PATCH = 7;
  private static final int TOKEN = 64;
  private static final int ATTENTION_HEADS = 4;

  /** From n x 1 x 28 x 28 to n x d. */
  public Block encoder() {
    SequentialBlock encoder =
        switch (this) {
          case CNN -> convolutions();
          case MLP -> hiddenLayers();
          case VIT -> attention();
        };
    return encoder.add(Linear.builder().setUnits(DIMENSIONS).build());
  }

  /** From what it sees of an embedding to n x 10. */
  public static Block head() {
    return Linear.builder().setUnits(FashionMnist.CLASSES).build();
  }

  private static SequentialBlock convolutions() {
    SequentialBlock encoder = new SequentialBlock();
    for (int channels : new int[] {16, 32, 64}) {
      encoder
          .add(
              Conv2d.builder()
                  .setKernelShape(new Shape(3, 3))
                  .setFilters(channels)
                  .optStride(new Shape(2, 2))
                  .optPadding(new Shape(1, 1))
                  .build())
          .add(Activation.reluBlock());
    }
    return encoder.add(Blocks.batchFlattenBlock());
  }

  private static SequentialBlock hiddenLayers() {
    return new SequentialBlock()
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(256).build())
        .add(Activation.reluBlock())
        .add(Linear.builder().setUnits(256).build())
        .add(Activation.reluBlock());
  }

  private static SequentialBlock attention() {
    return new SequentialBlock()
        .addSingleton(Architecture::patches)
        .add(Linear.builder().setUnits(TOKEN).build())
        .add(new Positions())
        .add(attentionLayer())
        .add(attentionLayer())
        .addSingleton(tokens -> tokens.mean(new int[] {1}));
  }

  private static Block attentionLayer() {
    return new TransformerEncoderBlock(
        TOKEN,
        ATTENTION_HEADS,
        2 * TOKEN,
        0,
        outputs -> new NDList(Activation.relu(outputs.singletonOrThrow())));
  }

  /** From n x 1 x 28 x 28 to n x 16 x 49. */
  private static NDArray patches(NDArray images) {
    long n = images.getShape().get(0);
    long across = SIDE / PATCH;
    return images
        .reshape(n, across, PATCH, across, PATCH)
        .transpose(0, 1, 3, 2, 4)
        .reshape(n, across * across, (long) PATCH * PATCH);
  }
}
