package dev.latentgauge.delivery;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: anything up to a bound that doubles from {@value
 * #SHORTEST_MILLIS} ms to {@value #LONGEST_MILLIS} ms, so that many processes whose collector comes
 * back do not come back to it together.
 */
final class Backoff {

  static final long SHORTEST_MILLIS = 100;
  static final long LONGEST_MILLIS = 30_000;

  private final RandomGenerator random;
  private long bound = SHORTEST_MILLIS;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  Duration next() {
    Duration pause = Duration.ofMillis(random.nextLong(bound + 1));
    bound = Math.min(2 * bound, LONGEST_MILLIS);
    return pause;
  }

  void reset() {
    bound = SHORTEST_MILLIS;
  }
}
