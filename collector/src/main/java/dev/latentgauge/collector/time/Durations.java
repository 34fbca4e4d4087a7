package dev.latentgauge.collector.time;

import java.time.Duration;

/** How often something was done, and how long that took together. Thread-safe. */
public final class Durations {

  private long count;
  private Duration sum = Duration.ZERO;

  /** Nothing was done yet. */
  public Durations() {}

  /**
   * Counts one.
   *
   * @param duration how long it took
   */
  public synchronized void add(Duration duration) {
    count++;
    sum = sum.plus(duration);
  }

  /**
   * How often.
   *
   * @return a number, at least 0
   */
  public synchronized long count() {
    return count;
  }

  /**
   * How long together.
   *
   * @return seconds
   */
  public synchronized double sumSeconds() {
    return sum.toNanos() * 1e-9;
  }
}
