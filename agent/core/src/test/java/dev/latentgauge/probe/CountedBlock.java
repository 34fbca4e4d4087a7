package dev.latentgauge.probe;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/** Does what another block does, and counts how often. */
final class CountedBlock extends AbstractBlock {

  private final Block counted;
  private int runs;

  CountedBlock(Block counted) {
    this.counted = addChildBlock("counted", counted);
  }

  int runs() {
    return runs;
  }

  void reset() {
    runs = 0;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    runs++;
    return counted.forward(parameters, inputs, training);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return counted.getOutputShapes(inputs);
  }

  @Override
  public void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    counted.initialize(manager, type, inputs);
  }
}
