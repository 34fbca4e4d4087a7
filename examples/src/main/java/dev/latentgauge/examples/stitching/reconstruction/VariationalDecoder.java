package dev.latentgauge.examples.stitching.reconstruction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/**
 * A decoder behind a normal distribution: what comes in decides on mean and deviation of a latent
 * vector, which is drawn in training and its mean in evaluation (Kingma and Welling 2014).
 *
 * <p>Answers the decoded images, then the means and the logarithms of the deviations, n x z.
 */
final class VariationalDecoder extends AbstractBlock {

  private final Block mean;
  private final Block logDeviation;
  private final Block decoder;

  VariationalDecoder(int dimensions, Block decoder) {
    this.mean = addChildBlock("mean", Linear.builder().setUnits(dimensions).build());
    this.logDeviation =
        addChildBlock("logDeviation", Linear.builder().setUnits(dimensions).build());
    this.decoder = addChildBlock("decoder", decoder);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    NDArray means = mean.forward(parameters, inputs, training).singletonOrThrow();
    NDArray logs = logDeviation.forward(parameters, inputs, training).singletonOrThrow();
    NDArray latent = means;
    if (training) {
      NDArray noise = means.getManager().randomNormal(means.getShape(), means.getDataType());
      latent = means.add(logs.exp().mul(noise));
    }
    NDArray images = decoder.forward(parameters, new NDList(latent), training).singletonOrThrow();
    return new NDList(images, means, logs);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    mean.initialize(manager, type, inputs);
    logDeviation.initialize(manager, type, inputs);
    decoder.initialize(manager, type, mean.getOutputShapes(inputs));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    Shape[] latent = mean.getOutputShapes(inputs);
    return new Shape[] {decoder.getOutputShapes(latent)[0], latent[0], latent[0]};
  }
}
