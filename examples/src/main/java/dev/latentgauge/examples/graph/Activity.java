package dev.latentgauge.examples.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;

/** What follows a linear map. */
public enum Activity {
  /** The positive part. */
  RELU {
    @Override
    NDArray of(NDArray x) {
      return Activation.relu(x);
    }
  },
  /** The hyperbolic tangent. */
  TANH {
    @Override
    NDArray of(NDArray x) {
      return Activation.tanh(x);
    }
  };

  abstract NDArray of(NDArray x);
}
