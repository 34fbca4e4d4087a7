package dev.latentgauge.examples.study.task.graph;

import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.XavierInitializer;

/**
 * The first weights of Glorot and Bengio (2010): uniform within sqrt(6 / (inputs + outputs)).
 *
 * <p>DJL's {@link XavierInitializer} has twice that variance unless told otherwise.
 */
final class Glorot {

  static final Initializer UNIFORM =
      new XavierInitializer(
          XavierInitializer.RandomType.UNIFORM, XavierInitializer.FactorType.AVG, 3);

  private Glorot() {}

  /** A matrix of weights whose shape is yet to be set. */
  static Parameter weight() {
    return Parameter.builder()
        .setName("weight")
        .setType(Parameter.Type.WEIGHT)
        .optInitializer(UNIFORM)
        .build();
  }
}
