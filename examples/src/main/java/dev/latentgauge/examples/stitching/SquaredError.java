package dev.latentgauge.examples.stitching;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.loss.Loss;

/**
 * The mean squared error of pixels. That of DJL 0.36 multiplies by its weight, a number whose
 * memory is gone before the backward pass reads it: gradients are NaN now and then.
 */
public final class SquaredError extends Loss {

  /** Has nothing to be set. */
  public SquaredError() {
    super("squared error");
  }

  @Override
  public NDArray evaluate(NDList labels, NDList predictions) {
    return predictions.head().sub(labels.singletonOrThrow()).square().mean();
  }
}
