package dev.latentgauge.benchmarks;

import dev.latentgauge.agent.TimeSource;
import java.time.Instant;

/**
 * The clock of one of two trainings that take turns: it stands still while the other one trains.
 *
 * <p>By the clock on the wall a monitor would think its training twice as long as it is, and take
 * twice its budget. Not thread-safe.
 */
final class OwnTime implements TimeSource {

  private final TimeSource wall = TimeSource.system();
  private long before;
  private long resumedAt;
  private boolean runs;

  /** The turn of this training begins. */
  void resume() {
    resumedAt = wall.nanoTime();
    runs = true;
  }

  /** The turn of this training is over. */
  void suspend() {
    before = nanoTime();
    runs = false;
  }

  @Override
  public Instant instant() {
    return wall.instant();
  }

  @Override
  public long nanoTime() {
    return runs ? before + wall.nanoTime() - resumedAt : before;
  }
}
