package dev.latentgauge.agent;

import java.util.OptionalDouble;

/** Tells how long a training waited for its monitor, and how fast it goes in between. */
final class Stopwatch {

  private final TimeSource time;
  private long origin;
  private long pausedAt;
  private long resumedAt;
  private long stepsAtPause;
  private long stepsBefore;
  private long workedBefore;
  private long waited;
  private long pauses;
  private long lastPause;

  Stopwatch(TimeSource time) {
    this.time = time;
  }

  /** The training begins. */
  void start() {
    origin = time.nanoTime();
    resumedAt = origin;
  }

  /** The training waits from now on. */
  void pause(long steps) {
    pausedAt = time.nanoTime();
    workedBefore = pausedAt - resumedAt;
    stepsBefore = steps - stepsAtPause;
    stepsAtPause = steps;
  }

  /** The measurement is made; what is left of the pause is a matter of microseconds. */
  void measured() {
    lastPause = time.nanoTime() - pausedAt;
  }

  /** The training goes on. */
  void resume() {
    resumedAt = time.nanoTime();
    if (pauses == 0) {
      // The first pause prepares the device: the overhead is counted from its end.
      origin = resumedAt;
    } else {
      waited += resumedAt - pausedAt;
    }
    pauses++;
  }

  /** How long the present pause took, in seconds. */
  OptionalDouble lastPause() {
    return OptionalDouble.of(lastPause / 1e9);
  }

  /** The share of the time since the first pause that went into pauses, this one included. */
  OptionalDouble overheadRatio() {
    if (pauses == 0) {
      return OptionalDouble.empty();
    }
    double elapsed = pausedAt + lastPause - origin;
    return elapsed <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((waited + lastPause) / elapsed);
  }

  /** Steps a second between the last pause and this one. */
  OptionalDouble stepsPerSecond() {
    return pauses == 0 || workedBefore <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(stepsBefore / (workedBefore / 1e9));
  }
}
