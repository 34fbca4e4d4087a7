package dev.latentgauge.collector.bus;

import java.time.Duration;

/** How long to wait before the next attempt: twice as long as before the last, up to a bound. */
final class Pause {

  private final Duration first;
  private final Duration longest;
  private Duration next;

  Pause(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
    this.next = first;
  }

  Duration next() {
    Duration pause = next;
    Duration doubled = pause.multipliedBy(2);
    next = doubled.compareTo(longest) < 0 ? doubled : longest;
    return pause;
  }

  void reset() {
    next = first;
  }
}
