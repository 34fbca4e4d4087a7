package dev.latentgauge.collector.event;

import java.time.Duration;

/**
 * How much is kept and done for those who read events.
 *
 * @param readers the most at once, at least 1
 * @param runs of how many runs and sketches the newest change is kept, at least 1; who is behind by
 *     more reads anew
 * @param bytes the most bytes of events that are kept ready to be sent, at least 1
 * @param heartbeat how often those to whom nothing happens are told so, at least 1 ms; who takes
 *     nothing for so long though there is something is dropped
 */
public record EventLimits(int readers, int runs, long bytes, Duration heartbeat) {

  /** A thousand readers, the changes of thirty thousand runs and sketches, 32 MiB, 15 s. */
  public static final EventLimits DEFAULT =
      new EventLimits(1000, 30_000, 32L << 20, Duration.ofSeconds(15));

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public EventLimits {
    requireAtLeast(1, "readers", readers);
    requireAtLeast(1, "runs", runs);
    requireAtLeast(1, "bytes", bytes);
    requireAtLeast(1, "heartbeat in ms", heartbeat.toMillis());
  }

  private static void requireAtLeast(long least, String what, long number) {
    if (number < least) {
      throw new IllegalArgumentException(
          what + " must be at least " + least + ", but is " + number);
    }
  }

  /**
   * With more heartbeats, so that a silent connection is not taken for a dead one.
   *
   * @param idleTime how long a connection may be silent
   * @return limits with at least three heartbeats in that time
   */
  public EventLimits within(Duration idleTime) {
    Duration third = idleTime.dividedBy(3);
    return third.compareTo(heartbeat) < 0 ? new EventLimits(readers, runs, bytes, third) : this;
  }

  /** How many readers of one client there may be: half, so that there is room for another. */
  int readersOfClient() {
    return (readers + 1) / 2;
  }
}
