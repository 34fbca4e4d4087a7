package dev.latentgauge.collector.exposition;

import java.time.Duration;

/** How many scrapes there were, and how long they took together. Thread-safe. */
final class ScrapeTimes {

  private long count;
  private Duration sum = Duration.ZERO;

  synchronized void add(Duration duration) {
    count++;
    sum = sum.plus(duration);
  }

  synchronized long count() {
    return count;
  }

  synchronized double sumSeconds() {
    return sum.toNanos() * 1e-9;
  }
}
