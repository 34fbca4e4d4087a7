package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.function.DoublePredicate;
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
   * The product with a number, through which a gradient may flow, as it may not with {@code
   * mul(Number)}; see {@link #number}.
   */
  static NDArray times(NDArray array, double factor) {
    try (NDArray number = number(array.getManager(), factor)) {
      return array.mul(number);
    }
  }

  /**
   * A number for computations through which a gradient flows.
   *
   * <p>What {@code create(Number)} of DJL 0.36 makes is memory of Java's, which it lets go of with
   * the array; a backward pass reads it later, and may find anything there. The copy is the
   * engine's own, and stays as long as the engine needs it.
   */
  static NDArray number(NDManager manager, double number) {
    try (NDArray made = manager.create(number)) {
      return made.duplicate();
    }
  }

  /** Copies floating-point numbers to the host. */
  static double[] numbers(NDArray array) {
    if (array.getDataType() == DataType.FLOAT64) {
      return array.toDoubleArray();
    }
    float[] numbers = array.toFloatArray();
    double[] wide = new double[numbers.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = numbers[i];
    }
    return wide;
  }

  /**
   * Whether something is known to hold for all numbers of an array. On a CPU they are looked at; a
   * GPU would have to be waited for, and nothing is known.
   */
  static boolean isKnown(NDArray array, DoublePredicate condition) {
    if (array.getDevice().isGpu()) {
      return false;
    }
    for (double number : numbers(array)) {
      if (!condition.test(number)) {
        return false;
      }
    }
    return true;
  }
}
