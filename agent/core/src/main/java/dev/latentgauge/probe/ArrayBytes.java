package dev.latentgauge.probe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.nio.ByteBuffer;

/**
 * The numbers of an array as bytes, a few megabytes at a time.
 *
 * <p>The engine hands numbers over in arrays on the Java heap, and where one does not fit there it
 * does not fail but ends the whole process.
 */
public final class ArrayBytes {

  private static final long NUMBERS = 1L << 20;

  private ArrayBytes() {}

  /**
   * Takes bytes.
   *
   * @param <E> what taking them may throw
   */
  @FunctionalInterface
  public interface Taker<E extends Exception> {

    /**
     * Takes the next bytes.
     *
     * @param bytes in the order of the machine
     * @throws E if they cannot be taken
     */
    void take(ByteBuffer bytes) throws E;
  }

  /**
   * Hands over all numbers of an array in their order.
   *
   * @param <E> what taking them may throw
   * @param array on any device
   * @param taker takes the bytes, in pieces
   * @throws E if they cannot be taken
   */
  public static <E extends Exception> void handOver(NDArray array, Taker<E> taker) throws E {
    long size = array.getShape().size();
    try (NDManager scratch = array.getManager().newSubManager()) {
      NDArray flat = array.reshape(size);
      flat.attach(scratch);
      for (long from = 0; from < size; from += NUMBERS) {
        NDIndex piece = new NDIndex().addSliceDim(from, Math.min(from + NUMBERS, size));
        try (NDArray numbers = flat.get(scratch, piece)) {
          taker.take(numbers.toByteBuffer());
        }
      }
    }
  }
}
