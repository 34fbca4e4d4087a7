package dev.latentgauge.agent;

import java.time.Instant;

/** A clock that stands still unless it is moved. */
final class ManualTime implements TimeSource {

  private long nanos = 1_000_000_000L;

  void advance(double seconds) {
    nanos += Math.round(seconds * 1e9);
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(nanos);
  }

  @Override
  public long nanoTime() {
    return nanos;
  }
}
