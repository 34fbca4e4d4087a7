package dev.latentgauge.relative;

import ai.djl.ndarray.NDManager;

/** Makes a backward pass fail that reads memory which nothing holds any more. */
public final class FreedMemory {

  private FreedMemory() {}

  /** Fills with NaN what DJL had allocated for small arrays from numbers, as far as it is free. */
  public static void overwrite(NDManager manager) {
    System.gc();
    for (int i = 0; i < 1000; i++) {
      manager.create(Float.NaN).close();
      manager.create(Double.NaN).close();
    }
  }
}
