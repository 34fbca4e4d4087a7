package dev.latentgauge.examples.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/**
 * A linear map of inputs that may be sparse, which DJL's own does not take: {@code y = x W + b}.
 * With a propagation as its second input it is a graph convolution, {@code y = P x W + b} (Kipf and
 * Welling, "Semi-supervised classification with graph convolutional networks", ICLR 2017).
 *
 * <p>Takes x, N x d, and maybe P, N x N; answers y, N x units.
 */
final class SparseLinear extends AbstractBlock {

  private final int units;
  private final Parameter weight = addParameter(Glorot.weight());
  private final Parameter bias =
      addParameter(Parameter.builder().setName("bias").setType(Parameter.Type.BIAS).build());

  SparseLinear(int units) {
    this.units = units;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    NDArray x = inputs.head();
    NDArray w = parameters.getValue(weight, x.getDevice(), training);
    NDArray b = parameters.getValue(bias, x.getDevice(), training);
    NDArray mapped = x.matMul(w);
    return new NDList((inputs.size() > 1 ? inputs.get(1).matMul(mapped) : mapped).add(b));
  }

  @Override
  protected void prepare(Shape[] inputs) {
    weight.setShape(new Shape(inputs[0].get(1), units));
    bias.setShape(new Shape(units));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0), units)};
  }
}
