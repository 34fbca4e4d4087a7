package dev.latentgauge.projection;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;

/** Arrays that are saved with a model and do not learn, and what they are made of. */
final class Constants {

  private Constants() {}

  /** A parameter that has its numbers. */
  static Parameter of(String name, NDArray array) {
    return describe(name).optArray(array).optShape(array.getShape()).build();
  }

  /** A parameter whose numbers are still to be loaded. */
  static Parameter unknown(String name) {
    return describe(name).build();
  }

  private static Parameter.Builder describe(String name) {
    return Parameter.builder().setName(name).setType(Parameter.Type.OTHER).optRequiresGrad(false);
  }

  /**
   * Checks that an array can be embeddings.
   *
   * @param what the array is, in the plural
   * @throws IllegalArgumentException if it is not a matrix of floating-point numbers
   */
  static void requireMatrix(String what, NDArray array) {
    if (array.getShape().dimension() != 2 || !array.getDataType().isFloating()) {
      throw new IllegalArgumentException(
          what
              + " must be a matrix of floating-point numbers, but have the shape "
              + array.getShape()
              + " and the type "
              + array.getDataType());
    }
  }
}
