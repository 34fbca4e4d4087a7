package dev.latentgauge.tests;

import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import dev.latentgauge.examples.data.FashionMnist;

/** A perceptron for the images of Fashion-MNIST, whose first child is its encoder. */
public final class ImageNetwork {

  private ImageNetwork() {}

  /** One with so many units before its embedding, and so many in it. */
  public static Block of(int hidden, int embedding) {
    return new SequentialBlock()
        .add(
            new SequentialBlock()
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(hidden).build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(embedding).build()))
        .add(Activation::relu)
        .add(Linear.builder().setUnits(FashionMnist.CLASSES).build());
  }
}
