package dev.latentgauge.collector.web;

import java.time.Duration;

/**
 * How large bodies of a kind may be.
 *
 * @param bytes the most bytes in one, at least 1
 * @param bytesAtOnce the most bytes in all of the kind that are held at once, at least {@code
 *     bytes}
 * @param time how long one may take to arrive, at least 1 ms
 */
public record BodyLimits(long bytes, long bytesAtOnce, Duration time) {

  /** Embeddings and references: half a GB each, 4 GB of disk at once, two minutes. */
  public static final BodyLimits UPLOADS =
      new BodyLimits(512L << 20, 4L << 30, Duration.ofMinutes(2));

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public BodyLimits {
    requireAtLeast(1, "bytes", bytes);
    requireAtLeast(bytes, "bytesAtOnce", bytesAtOnce);
    requireAtLeast(1, "time in ms", time.toMillis());
  }

  private static void requireAtLeast(long least, String what, long number) {
    if (number < least) {
      throw new IllegalArgumentException(
          what + " must be at least " + least + ", but is " + number);
    }
  }
}
