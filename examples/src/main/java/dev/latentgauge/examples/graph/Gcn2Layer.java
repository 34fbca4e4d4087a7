package dev.latentgauge.examples.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/**
 * A layer of GCNII (Chen et al., "Simple and deep graph convolutional networks", ICML 2020), with
 * one matrix of weights for the neighbours and the initial residual.
 *
 * <pre>{@code
 * h = (1 - alpha) P x + alpha x0
 * y = (1 - beta) h + beta h W',  beta = log(theta / l + 1)
 * }</pre>
 *
 * <p>Takes x and x0, both N x d, and the propagation P, N x N; answers y, N x d.
 */
final class Gcn2Layer extends AbstractBlock {

  private static final float ALPHA = 0.1f;
  private static final double THETA = 0.5;

  private final float beta;
  private final Parameter weight = addParameter(Glorot.weight());

  /** A layer, of which l is its number from the input, from 1. */
  Gcn2Layer(int l) {
    beta = (float) Math.log(THETA / l + 1);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    NDArray x = inputs.get(0);
    NDArray initial = inputs.get(1);
    NDArray propagation = inputs.get(2);
    NDArray w = parameters.getValue(weight, x.getDevice(), training);
    NDArray h = times(1 - ALPHA, propagation.matMul(x)).add(times(ALPHA, initial));
    return new NDList(times(1 - beta, h).add(times(beta, Linear.linear(h, w).head())));
  }

  // Not mul(Number): DJL lets go of the number's memory before the backward pass reads it.
  private static NDArray times(float factor, NDArray x) {
    return x.mul(x.getManager().create(factor));
  }

  @Override
  protected void prepare(Shape[] inputs) {
    long width = inputs[0].get(1);
    weight.setShape(new Shape(width, width));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {inputs[0]};
  }
}
