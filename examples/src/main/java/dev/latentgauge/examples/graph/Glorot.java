package dev.latentgauge.examples.graph;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.XavierInitializer;

/**
 * The first weights of Glorot and Bengio (2010): uniform within sqrt(6 / (inputs + outputs)).
 *
 * <p>DJL's {@link XavierInitializer} has twice that variance unless told otherwise.
 */
public final class Glorot {

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

  /**
   * A linear map with such weights, and a bias of zeros.
   *
   * @param units outputs, at least 1
   * @return a block from n x d to n x units
   */
  public static Block linear(int units) {
    Block linear = Linear.builder().setUnits(units).build();
    linear.setInitializer(UNIFORM, Parameter.Type.WEIGHT);
    return linear;
  }
}
