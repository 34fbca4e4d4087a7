package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.function.UnaryOperator;

/** Computes with arrays so that every intermediate result is freed at once. */
final class Scratch {

  private Scratch() {}

  /**
   * Applies {@code computation}, keeping of all arrays that it makes only its result.
   *
   * @return the result, attached to the manager of {@code input}
   */
  static NDArray compute(NDArray input, UnaryOperator<NDArray> computation) {
    try (NDManager scratch = input.getManager().newSubManager()) {
      NDArray result = computation.apply(view(scratch, input));
      result.attach(input.getManager());
      return result;
    }
  }

  /**
   * Another handle on the same numbers that dies with {@code scratch}, as does what is computed
   * from it; the caller's array keeps its manager, and gradients still reach it.
   */
  static NDArray view(NDManager scratch, NDArray array) {
    NDArray view = array.reshape(array.getShape());
    view.attach(scratch);
    return view;
  }

  /**
   * The product with a number, through which a gradient may flow.
   *
   * <p>{@code mul(Number)} of DJL 0.36 hands the engine memory of Java's, and lets go of it at
   * once; a backward pass reads it later, and may find anything there. The copy is the engine's
   * own, and stays as long as the engine needs it.
   */
  static NDArray times(NDArray array, double factor) {
    try (NDArray number = array.getManager().create(factor);
        NDArray kept = number.duplicate()) {
      return array.mul(kept);
    }
  }
}
