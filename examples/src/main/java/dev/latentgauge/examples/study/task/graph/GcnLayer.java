package dev.latentgauge.examples.study.task.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/**
 * A graph convolution (Kipf and Welling, "Semi-supervised classification with graph convolutional
 * networks", ICLR 2017): {@code y = P x W + b}.
 *
 * <p>Takes x, N x d, sparse or not, and the propagation P, N x N; answers y, N x units.
 */
final class GcnLayer extends AbstractBlock {

  private final int units;
  private final Parameter weight = addParameter(Glorot.weight());
  private final Parameter bias =
      addParameter(Parameter.builder().setName("bias").setType(Parameter.Type.BIAS).build());

  GcnLayer(int units) {
    this.units = units;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    NDArray x = inputs.get(0);
    NDArray propagation = inputs.get(1);
    NDArray w = parameters.getValue(weight, x.getDevice(), training);
    NDArray b = parameters.getValue(bias, x.getDevice(), training);
    return new NDList(propagation.matMul(x.matMul(w)).add(b));
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
