package dev.latentgauge.examples.study.task.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/** A linear map of sparse inputs, which DJL's own does not take: {@code y = x W + b}. */
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
    NDArray input = inputs.singletonOrThrow();
    NDArray w = parameters.getValue(weight, input.getDevice(), training);
    NDArray b = parameters.getValue(bias, input.getDevice(), training);
    return new NDList(input.matMul(w).add(b));
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
