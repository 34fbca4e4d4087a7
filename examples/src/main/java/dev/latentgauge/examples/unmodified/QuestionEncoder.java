package dev.latentgauge.examples.unmodified;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.transformer.TransformerEncoderBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Layers of a transformer, and the mean of what they make of the words.
 *
 * <p>Takes n x l x d embeddings and an n x l mask, 1 for a word and 0 for none; answers n x d.
 */
final class QuestionEncoder extends AbstractBlock {

  private static final int LAYERS = 2;
  private static final int HEADS = 4;
  private static final int HIDDEN = 128;
  private static final float DROPOUT = 0.2f;

  private final List<Block> layers = new ArrayList<>();

  QuestionEncoder(int dimensions) {
    for (int i = 0; i < LAYERS; i++) {
      layers.add(
          addChildBlock(
              "layer",
              new TransformerEncoderBlock(dimensions, HEADS, HIDDEN, DROPOUT, Activation::relu)));
    }
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    NDArray words = inputs.get(0);
    NDArray isWord = inputs.get(1);
    long length = isWord.getShape().get(1);
    NDArray attendable = isWord.expandDims(1).repeat(1, length);
    for (Block layer : layers) {
      words = layer.forward(parameters, new NDList(words, attendable), training).singletonOrThrow();
    }
    NDArray weights = isWord.expandDims(2);
    return new NDList(words.mul(weights).sum(new int[] {1}).div(weights.sum(new int[] {1})));
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    for (Block layer : layers) {
      layer.initialize(manager, type, inputs[0]);
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0), inputs[0].get(2))};
  }
}
