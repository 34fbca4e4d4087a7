package dev.latentgauge.examples.stitching.reconstruction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.loss.Loss;

/**
 * The mean squared error of pixels. That of DJL 0.36 multiplies by its weight, a number whose
 * memory is gone before the backward pass reads it: gradients are NaN now and then.
 */
final class SquaredError extends Loss {

  SquaredError() {
    super("squared error");
  }

  @Override
  public NDArray evaluate(NDList labels, NDList predictions) {
    return predictions.head().sub(labels.singletonOrThrow()).square().mean();
  }
}
