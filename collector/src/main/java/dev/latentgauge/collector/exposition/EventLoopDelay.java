package dev.latentgauge.collector.exposition;

import dev.latentgauge.collector.time.Durations;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * How late the event loop is: something that is due once a second says when it was done.
 *
 * <p>What it should not do, and does for so long, is what everybody waits for.
 */
public final class EventLoopDelay {

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** More than that is rather a clock that was set. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final Durations delays = new Durations();
  private final InstantSource clock;
  private Instant last;

  EventLoopDelay(InstantSource clock) {
    this.clock = clock;
    this.last = clock.instant();
  }

  /**
   * Looks at an event loop from now on, until Vert.x is closed.
   *
   * @param vertx has the loop
   * @param loop the context of what is looked at
   * @param clock says how late it is
   * @return what is seen
   */
  public static EventLoopDelay of(Vertx vertx, Context loop, InstantSource clock) {
    EventLoopDelay delay = new EventLoopDelay(clock);
    loop.runOnContext(begun -> vertx.setPeriodic(INTERVAL.toMillis(), timer -> delay.tick()));
    return delay;
  }

  synchronized void tick() {
    Instant now = clock.instant();
    Duration late = Duration.between(last, now).minus(INTERVAL);
    last = now;
    if (late.compareTo(LONGEST) <= 0) {
      delays.add(late.isNegative() ? Duration.ZERO : late);
    }
  }

  Durations delays() {
    return delays;
  }
}
