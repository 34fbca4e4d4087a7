package dev.latentgauge.agent;

import java.util.concurrent.TimeUnit;

/**
 * Times what a training waits for besides pauses, and tells how rarely the clock may be looked at.
 *
 * <p>A step has driven the monitor out of the processor's caches, so that a look at the clock, and
 * at what else is looked at with it, costs microseconds: much for a step that takes one
 * millisecond, and nothing for one of fifty. The training waits for looks as it does for pauses,
 * and for the steps in between. Of those the first without a pause is timed, and the shorter of the
 * last two that were stands for all: what happens to fall into one of them does not count many
 * times.
 *
 * <p>Not thread-safe.
 */
final class Looks {

  private static final long NANOS_IN_BETWEEN = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long MOST_STEPS_IN_BETWEEN = 16;

  private final TimeSource time;
  private long waited;

  /** How long all pauses were that are over. */
  private long paused;

  private long beganAt;
  private long pausedBefore;
  private long endedAt;
  private long stepsAtEnd;
  private boolean isStepTimed;
  private long stepBeganAt;
  private long pausedBeforeStep;
  private long costOfStep;
  private long previousCostOfStep;

  Looks(TimeSource time) {
    this.time = time;
  }

  /** The training begins, or goes on, with so many updates made. */
  void start(long steps) {
    endedAt = time.nanoTime();
    stepsAtEnd = steps;
  }

  /** A pause is over, which was no look, though it may have been in one. */
  void paused(long nanos) {
    paused += nanos;
  }

  /** A step is over, of which the training waits for the monitor from now on. */
  void stepBegins() {
    if (isStepTimed) {
      stepBeganAt = time.nanoTime();
      pausedBeforeStep = paused;
    }
  }

  /** The training goes on after a step at which nothing was looked at. */
  void stepEnds() {
    if (isStepTimed && paused == pausedBeforeStep) {
      isStepTimed = false;
      previousCostOfStep = costOfStep;
      costOfStep = time.nanoTime() - stepBeganAt;
    }
  }

  /** A look begins. */
  void lookBegins() {
    beganAt = time.nanoTime();
    pausedBefore = paused;
  }

  /**
   * The look is over.
   *
   * @param steps how many updates were made so far
   * @return how many steps may pass until the next: as many as take fifty milliseconds at the pace
   *     of the last ones, from 1 to {@value #MOST_STEPS_IN_BETWEEN}
   */
  long lookEnds(long steps) {
    long now = time.nanoTime();
    long made = steps - stepsAtEnd;
    long took = now - endedAt;
    long look = now - beganAt - (paused - pausedBefore);
    long inBetween = Math.max(0, made - 1) * Math.min(costOfStep, previousCostOfStep);
    waited += Math.min(took, look + inBetween);
    endedAt = now;
    stepsAtEnd = steps;
    long fit = took <= 0 ? 1 : made * NANOS_IN_BETWEEN / took;
    long next = Math.max(1, Math.min(fit, MOST_STEPS_IN_BETWEEN));
    isStepTimed = next > 1;
    return next;
  }

  /** How long the training waited so far, at looks and at the steps in between, in nanoseconds. */
  long waited() {
    return waited;
  }
}
