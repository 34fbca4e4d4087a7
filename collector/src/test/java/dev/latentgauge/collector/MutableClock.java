package dev.latentgauge.collector;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test moves it. */
public final class MutableClock implements InstantSource {

  private Instant now = Instant.parse("2026-05-06T07:08:09Z");

  @Override
  public synchronized Instant instant() {
    return now;
  }

  /** Moves the clock on. */
  public synchronized void pass(Duration duration) {
    now = now.plus(duration);
  }
}
