package dev.latentgauge.agent;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * Tells how long a training waited for its monitor, how fast it goes in between, and whether a
 * budget has room for another pause.
 *
 * <p>The first pause, before the training, is counted neither as time nor as waiting. Not
 * thread-safe.
 */
final class Stopwatch {

  private static final int REMEMBERED_PAUSES = 5;
  private static final long NANOS_BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long MOST_STEPS_BETWEEN_LOOKS = 16;

  private final TimeSource time;
  private final Deque<Long> costs = new ArrayDeque<>();

  /** The highest of them; it is looked at in every step, and kept where that finds it at once. */
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
  private long pauses;
  private long lastMeasurement;
  private long lookBeganAt;
  private long pausesBeforeLook;
  private long lookedAt;
  private long stepsAtLook;
  private boolean isStepTimed;
  private long stepBeganAt;
  private long pausesBeforeStep;
  private long costOfStep;
  private long previousCostOfStep;

  /** How long the training waited outside pauses: at looks, and at the steps in between. */
  private long looked;

  Stopwatch(TimeSource time) {
    this.time = time;
  }

  /** The training begins, or goes on, with so many updates made. */
  void start(long steps) {
    origin = time.nanoTime();
    resumedAt = origin;
    measuredAt = origin;
    stepsAtPause = steps;
    lookedAt = origin;
    stepsAtLook = steps;
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
    if (pauses == 0) {
      return OptionalDouble.empty();
    }
    double elapsed = pausedAt + lastMeasurement - origin;
    return elapsed <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((waited + looked + lastMeasurement) / elapsed);
  }

  /** Steps a second between the last pause and this one. */
  OptionalDouble stepsPerSecond() {
    return pauses == 0 || workedBefore <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(stepsBefore / (workedBefore / 1e9));
  }

  /** A step is over, of which the training waits for the monitor from now on. */
  void stepBegins() {
    if (isStepTimed) {
      stepBeganAt = time.nanoTime();
      pausesBeforeStep = pauses;
    }
  }

  /** The training goes on after a step at which nothing was looked at. */
  void stepEnds() {
    if (isStepTimed && pauses == pausesBeforeStep) {
      isStepTimed = false;
      previousCostOfStep = costOfStep;
      costOfStep = time.nanoTime() - stepBeganAt;
    }
  }

  /** A look at the clock, and at whatever else is looked at with it, begins. */
  void lookBegins() {
    lookBeganAt = time.nanoTime();
    pausesBeforeLook = pauses;
  }

  /**
   * The look is over. How many steps may pass until the next: as many as take fifty milliseconds at
   * the pace of the last ones, from 1 to {@value #MOST_STEPS_BETWEEN_LOOKS}.
   *
   * <p>A step has driven the monitor out of the processor's caches, so that a look costs
   * microseconds: much for a step that takes one millisecond, and nothing for one of fifty. The
   * training waits for looks as it does for pauses, and for the steps in between. Of those the
   * first without a pause is timed, and the shorter of the last two that were stands for all: what
   * happens to fall into one of them does not count many times.
   */
  long lookEnds(long steps) {
    long now = time.nanoTime();
    long made = steps - stepsAtLook;
    long took = now - lookedAt;
    long paused = pauses == pausesBeforeLook ? 0 : resumedAt - waitingSince;
    long inBetween = Math.max(0, made - 1) * Math.min(costOfStep, previousCostOfStep);
    looked += Math.min(took, now - lookBeganAt - paused + inBetween);
    lookedAt = now;
    stepsAtLook = steps;
    long fit = took <= 0 ? 1 : made * NANOS_BETWEEN_LOOKS / took;
    long next = Math.max(1, Math.min(fit, MOST_STEPS_BETWEEN_LOOKS));
    isStepTimed = next > 1;
    return next;
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
    return waited + two <= Math.max(allowed - looked, allowed / 2);
  }
}
