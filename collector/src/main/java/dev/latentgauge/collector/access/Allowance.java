package dev.latentgauge.collector.access;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * So much in a second, and as much again at once after a rest: a token bucket that may run into
 * debt. Whoever has something left may take as much as it needs, and then waits until it is paid
 * back; so a large upload needs no large allowance. Thread-safe.
 */
final class Allowance {

  private static final double BURST_SECONDS = 2;

  private final double perSecond;
  private double left;
  private Instant at;

  Allowance(double perSecond, Instant now) {
    this.perSecond = perSecond;
    this.left = perSecond * BURST_SECONDS;
    this.at = now;
  }

  /** Takes some, or answers how long to wait. */
  synchronized Optional<Duration> take(double amount, Instant now) {
    refill(now);
    if (left <= 0) {
      return Optional.of(Duration.ofSeconds((long) Math.ceil(-left / perSecond)).plusSeconds(1));
    }
    left -= amount;
    return Optional.empty();
  }

  /** Takes what was used already. */
  synchronized void settle(double amount) {
    left -= amount;
  }

  private void refill(Instant now) {
    double seconds = Duration.between(at, now).toMillis() / 1e3;
    // A clock that is put back costs nobody anything.
    left = Math.min(left + Math.max(0, seconds) * perSecond, perSecond * BURST_SECONDS);
    at = now;
  }
}
