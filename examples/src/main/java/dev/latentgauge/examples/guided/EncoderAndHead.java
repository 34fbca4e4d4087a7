package dev.latentgauge.examples.guided;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.latentgauge.examples.data.FashionMnist;
import dev.latentgauge.probe.Layer;
import org.jspecify.annotations.Nullable;

/** A small network that answers both its classes and the embedding that they are made of. */
final class EncoderAndHead extends AbstractBlock {

  /** The encoder alone, for those who measure. */
  static final Layer EMBEDDING =
      Layer.computed(
          "encoder",
          (block, parameters, inputs) ->
              ((EncoderAndHead) block).encoder.forward(parameters, inputs, false).head());

  private static final int DIMENSIONS = 64;

  private final Block encoder;
  private final Block head;

  EncoderAndHead(int units) {
    encoder =
        addChildBlock(
            "encoder",
            new SequentialBlock()
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(units).build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(DIMENSIONS).build()));
    head = addChildBlock("head", Linear.builder().setUnits(FashionMnist.CLASSES).build());
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    NDArray embedding = encoder.forward(parameters, inputs, training).singletonOrThrow();
    NDArray classes =
        head.forward(parameters, new NDList(Activation.relu(embedding)), training)
            .singletonOrThrow();
    return new NDList(classes, embedding);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    encoder.initialize(manager, type, inputs);
    head.initialize(manager, type, encoder.getOutputShapes(inputs));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    Shape[] embedding = encoder.getOutputShapes(inputs);
    return new Shape[] {head.getOutputShapes(embedding)[0], embedding[0]};
  }
}
