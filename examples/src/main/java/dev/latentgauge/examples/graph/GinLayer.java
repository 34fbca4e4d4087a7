package dev.latentgauge.examples.graph;

import ai.djl.ndarray.NDArray;
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
 * A layer of GIN (Xu et al., "How powerful are graph neural networks?", ICLR 2019) with a single
 * linear map and epsilon fixed at 0: {@code y = (x + A x) W' + b}.
 *
 * <p>Takes x, N x d, x0, which it ignores, and the adjacency A, N x N; answers y, N x d.
 */
final class GinLayer extends AbstractBlock {

  private final Block linear;

  GinLayer(int width) {
    linear = addChildBlock("linear", Glorot.linear(width));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    NDArray x = inputs.get(0);
    NDArray adjacency = inputs.get(2);
    return linear.forward(parameters, new NDList(x.add(adjacency.matMul(x))), training);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    linear.initialize(manager, type, inputs[0]);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return linear.getOutputShapes(new Shape[] {inputs[0]});
  }
}
