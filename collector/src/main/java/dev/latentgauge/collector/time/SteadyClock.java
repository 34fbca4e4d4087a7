package dev.latentgauge.collector.time;

import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that never jumps: it is right when it is made, and goes on from there whatever becomes of
 * the machine's idea of the time. How long something took or has been silent is told by it; when
 * something happened is told by the machine's clock. Thread-safe.
 */
public final class SteadyClock implements InstantSource {

  private final Instant origin;
  private final long originNanos = System.nanoTime();

  /**
   * A clock that starts now.
   *
   * @param clock says what time it is now; not asked again
   */
  public SteadyClock(InstantSource clock) {
    this.origin = clock.instant();
  }

  @Override
  public Instant instant() {
    return origin.plusNanos(System.nanoTime() - originNanos);
  }
}
