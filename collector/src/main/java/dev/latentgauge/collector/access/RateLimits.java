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
    List<String> mistakes = new ArrayList<>();
    requireAtLeastOne("requests in a second", requests, mistakes);
    requireAtLeastOne("bytes in a second", bytes, mistakes);
    requireAtLeastOne("failures in a second", failures, mistakes);
    requireAtLeastOne("connections", connections, mistakes);
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", mistakes));
    }
  }

  private static void requireAtLeastOne(String what, long number, List<String> mistakes) {
    if (number < 1) {
      mistakes.add(what + " must be at least 1, but is " + number);
    }
  }
}
