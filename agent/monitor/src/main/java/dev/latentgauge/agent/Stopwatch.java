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
  private final Looks looks;
  private final Deque<Long> costs = new ArrayDeque<>();

  /** The highest of them, which is asked for at every look. */
  private long highestCost = -1;

  private long origin;
  private long pausedAt;

  /** The same, but for a pause that began anew since. */
  private long waitingSince;

  private long resumedAt;
  private long measuredAt;
  private long stepsAtPause;
  private long stepsBefore;
  private long workedBefore;
  private long waited;
  private boolean hasBegun;
  private long lastMeasurement;

  Stopwatch(TimeSource time) {
    this.time = time;
    this.looks = new Looks(time);
  }

  /** What the training waits for besides pauses. */
  Looks looks() {
    return looks;
  }

  /** The training begins, or goes on, with so many updates made. */
  void start(long steps) {
    origin = time.nanoTime();
    resumedAt = origin;
    measuredAt = origin;
    stepsAtPause = steps;
    looks.start(steps);
  }

  /** The training waits from now on. */
  void pause(long steps) {
    pausedAt = time.nanoTime();
    waitingSince = pausedAt;
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
    if (!hasBegun) {
      origin = resumedAt;
    } else {
      waited += resumedAt - pausedAt;
    }
    hasBegun = true;
    looks.paused(resumedAt - waitingSince);
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
    highestCost = Collections.max(costs);
  }

  /** How long the present measurement took, in seconds. */
  OptionalDouble lastMeasurement() {
    return OptionalDouble.of(lastMeasurement / 1e9);
  }

  /**
   * The share of the time since the first pause that went into pauses, this one included, and
   * looks.
   */
  OptionalDouble overheadRatio() {
    if (!hasBegun) {
      return OptionalDouble.empty();
    }
    double elapsed = pausedAt + lastMeasurement - origin;
    return elapsed <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((waited + looks.waited() + lastMeasurement) / elapsed);
  }

  /** Steps a second between the last pause and this one. */
  OptionalDouble stepsPerSecond() {
    return !hasBegun || workedBefore <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(stepsBefore / (workedBefore / 1e9));
  }

  /** How long it is since the last measurement. */
  double secondsSinceMeasurement() {
    return (time.nanoTime() - measuredAt) / 1e9;
  }

  /**
   * Whether the share of waiting stays at or below a ratio if the training is measured now and,
   * right afterwards, once more at its end. Of the time that it may wait half is that of pauses
   * whatever else it waits for: however fast its steps are, it is measured.
   */
  boolean hasRoom(double ratio) {
    if (highestCost < 0) {
      return true;
    }
    double two = 2.0 * highestCost;
    double allowed = ratio * (time.nanoTime() - origin + two);
    return waited + two <= Math.max(allowed - looks.waited(), allowed / 2);
  }
}
