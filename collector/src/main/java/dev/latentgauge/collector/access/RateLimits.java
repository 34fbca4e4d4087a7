package dev.latentgauge.collector.access;

import java.util.ArrayList;
import java.util.List;

/**
 * How much one token may do, or without tokens one address.
 *
 * @param requests how many requests in a second, at least 1
 * @param bytes how many bytes of bodies in a second, at least 1
 * @param failures how many requests without a token that is in force, in a second and from one
 *     address, at least 1; those with one are let in all the same
 * @param connections how many connections there may be at once, from everywhere, at least 1; one
 *     address may have half of them, unless it is a proxy's
 */
public record RateLimits(int requests, long bytes, int failures, int connections) {

  /** Ten thousand agents behind one token are not slowed down by these. */
  public static final RateLimits DEFAULT = new RateLimits(20_000, 512L << 20, 10, 20_000);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if some are out of their range; names all that are
   */
  public RateLimits {
    List<String> mistakes = mistakes(requests, bytes, failures, connections);
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", mistakes));
    }
  }

  /**
   * What is wrong with numbers.
   *
   * @param requests as in the limits
   * @param bytes as in the limits
   * @param failures as in the limits
   * @param connections as in the limits
   * @return a sentence for each that is out of its range; empty if they can be limits
   */
  public static List<String> mistakes(int requests, long bytes, int failures, int connections) {
    List<String> mistakes = new ArrayList<>();
    requireAtLeastOne("requestsPerSecond", requests, mistakes);
    requireAtLeastOne("bytesPerSecond", bytes, mistakes);
    requireAtLeastOne("failuresPerSecond", failures, mistakes);
    requireAtLeastOne("connections", connections, mistakes);
    return mistakes;
  }

  private static void requireAtLeastOne(String what, long number, List<String> mistakes) {
    if (number < 1) {
      mistakes.add(what + " must be at least 1, but is " + number);
    }
  }
}
