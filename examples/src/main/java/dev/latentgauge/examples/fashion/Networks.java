package dev.latentgauge.examples.fashion;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;
import dev.latentgauge.examples.data.FashionMnist;
import dev.latentgauge.probe.Layer;

/** Networks for small images: an encoder to 64 numbers, and a head on top of it. */
public final class Networks {

  /** The encoder, by the name that DJL gives it as the first child of the network. */
  public static final Layer ENCODER = Layer.named("01SequentialBlock");

  private static final int EMBEDDING = 64;

  private Networks() {}

  static Block of(Plan plan) {
    Block encoder = plan.network() == Plan.Network.CNN ? cnn(plan.width()) : mlp(plan.width());
    return new SequentialBlock()
        .add(encoder)
        .add(Activation::relu)
        .add(Linear.builder().setUnits(FashionMnist.CLASSES).build());
  }

  private static Block cnn(int width) {
    return new SequentialBlock()
        .add(convolution(width))
        .add(BatchNorm.builder().build())
        .add(Activation::relu)
        .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
        .add(convolution(2 * width))
        .add(BatchNorm.builder().build())
        .add(Activation::relu)
        .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
        .add(Blocks.batchFlattenBlock())
        .add(Dropout.builder().optRate(0.2f).build())
        .add(Linear.builder().setUnits(EMBEDDING).build());
  }

  private static Block convolution(int channels) {
    return Conv2d.builder()
        .setKernelShape(new Shape(3, 3))
        .setFilters(channels)
        .optPadding(new Shape(1, 1))
        .build();
  }

  private static Block mlp(int units) {
    return new SequentialBlock()
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(units).build())
        .add(Activation::relu)
        .add(Linear.builder().setUnits(EMBEDDING).build());
  }
}
