package dev.latentgauge.examples.study.task;

import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import java.util.Locale;

/** What follows a layer. */
enum Nonlinearity {
  RELU,
  TANH,
  LEAKY_RELU;

  Block block() {
    return switch (this) {
      case RELU -> Activation.reluBlock();
      case TANH -> Activation.tanhBlock();
      case LEAKY_RELU -> Activation.leakyReluBlock(0.1f);
    };
  }

  /** As tables name it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
