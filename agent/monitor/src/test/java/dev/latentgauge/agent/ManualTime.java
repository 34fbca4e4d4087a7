package dev.latentgauge.agent;

import java.time.Instant;

/** A clock that stands still unless it is moved, or, if it is a hurried one, looked at. */
final class ManualTime implements TimeSource {

  private final long nanosPerLook;
  private long nanos = 1_000_000_000L;

  ManualTime() {
    this(0);
  }

  /** One that has gone on by so much whenever its nanoseconds are asked for. */
  ManualTime(double secondsPerLook) {
    nanosPerLook = Math.round(secondsPerLook * 1e9);
  }

  void advance(double seconds) {
    nanos += Math.round(seconds * 1e9);
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(nanos);
  }

  @Override
  public long nanoTime() {
    nanos += nanosPerLook;
    return nanos;
  }
}
