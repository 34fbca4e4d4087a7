package dev.latentgauge.examples.graph;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/**
 * A layer of GCN (Kipf and Welling, "Semi-supervised classification with graph convolutional
 * networks", ICLR 2017): {@code y = P x W + b}.
 *
 * <p>Takes x, N x d, x0, which it ignores, and the propagation P, N x N; answers y, N x d.
 */
final class GcnLayer extends AbstractBlock {

  private final Block convolution;

  GcnLayer(int width) {
    convolution = addChildBlock("convolution", new SparseLinear(width));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    return convolution.forward(parameters, new NDList(inputs.get(0), inputs.get(2)), training);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    convolution.initialize(manager, type, inputs[0], inputs[2]);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return convolution.getOutputShapes(new Shape[] {inputs[0]});
  }
}
