package dev.latentgauge.agent;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.OptionalDouble;

/**
 * Tells how long a training waited for its monitor, how fast it goes in between, and whether a
 * budget has room for another pause.
 *
 * <p>The first pause, before the training, is counted neither as time nor as waiting. Not
 * thread-safe.
 */
final class Stopwatch {

  private static final int REMEMBERED_PAUSES = 5;

  private final TimeSource time;
  private final Deque<Long> costs = new ArrayDeque<>();
  private long origin;
  private long pausedAt;
  private long resumedAt;
  private long measuredAt;
  private long stepsAtPause;
  private long stepsBefore;
  private long workedBefore;
  private long waited;
  private long pauses;
  private long lastMeasurement;

  Stopwatch(TimeSource time) {
    this.time = time;
  }

  /** The training begins, or goes on, with so many updates made. */
  void start(long steps) {
    origin = time.nanoTime();
    resumedAt = origin;
    measuredAt = origin;
    stepsAtPause = steps;
  }

  /** The training waits from now on. */
  void pause(long steps) {
    pausedAt = time.nanoTime();
    workedBefore = pausedAt - resumedAt;
    stepsBefore = steps - stepsAtPause;
    stepsAtPause = steps;
  }

  /** The measurement is made; what comes after it in this pause is short. */
  void measured() {
    lastMeasurement = time.nanoTime() - pausedAt;
  }

  /**
   * The training goes on.
   *
   * @param isMeasured whether it was measured meanwhile: then the length of this pause tells what
   *     the next measurement will cost
   */
  void resume(boolean isMeasured) {
    resumedAt = time.nanoTime();
    if (pauses == 0) {
      origin = resumedAt;
    } else {
      waited += resumedAt - pausedAt;
    }
    pauses++;
    if (isMeasured) {
      measuredAt = resumedAt;
      remember(resumedAt - pausedAt);
    }
  }

  /**
   * The measurement of the first pause is about to be repeated: the pause begins anew, so that its
   * length is that of the repetition.
   */
  void repeat() {
    pausedAt = time.nanoTime();
  }

  private void remember(long cost) {
    if (costs.size() == REMEMBERED_PAUSES) {
      costs.removeFirst();
    }
    costs.addLast(cost);
  }

  /** How long the present measurement took, in seconds. */
  OptionalDouble lastMeasurement() {
    return OptionalDouble.of(lastMeasurement / 1e9);
  }

  /** The share of the time since the first pause that went into pauses, this one included. */
  OptionalDouble overheadRatio() {
    if (pauses == 0) {
      return OptionalDouble.empty();
    }
    double elapsed = pausedAt + lastMeasurement - origin;
    return elapsed <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((waited + lastMeasurement) / elapsed);
  }

  /** Steps a second between the last pause and this one. */
  OptionalDouble stepsPerSecond() {
    return pauses == 0 || workedBefore <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(stepsBefore / (workedBefore / 1e9));
  }

  /** How long it is since the last measurement. */
  double secondsSinceMeasurement() {
    return (time.nanoTime() - measuredAt) / 1e9;
  }

  /**
   * Whether the share of waiting stays at or below a ratio if the training is measured now and,
   * right afterwards, once more at its end.
   */
  boolean hasRoom(double ratio) {
    if (costs.isEmpty()) {
      return true;
    }
    double two = 2.0 * Collections.max(costs);
    return waited + two <= ratio * (time.nanoTime() - origin + two);
  }
}
