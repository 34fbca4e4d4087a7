package dev.latentgauge.agent;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * When a training is measured.
 *
 * <p>Whatever the cadence, the first measurement is made before the first update, as a baseline,
 * and the last one when the training ends. Immutable; one cadence can serve many monitors.
 */
public final class Cadence {

  private static final int MOST_PER_DECADE = 1000;
  private static final Rule NEVER = (count, stopwatch) -> false;

  private final String text;
  private final Rule afterSteps;
  private final Rule afterEpochs;
  private final OptionalDouble budget;
  private final boolean countsBatches;

  private Cadence(
      String text,
      Rule afterSteps,
      Rule afterEpochs,
      OptionalDouble budget,
      boolean countsBatches) {
    this.text = text;
    this.afterSteps = afterSteps;
    this.afterEpochs = afterEpochs;
    this.budget = budget;
    this.countsBatches = countsBatches;
  }

  private Cadence(String text, Rule afterSteps, Rule afterEpochs) {
    this(text, afterSteps, afterEpochs, OptionalDouble.empty(), false);
  }

  /** Whether to measure at a count of steps or epochs. */
  private interface Rule {
    boolean isDue(long count, Stopwatch stopwatch);
  }

  /**
   * Measures after every so many batches; after every epoch, where a loop does not tell of batches.
   *
   * @param n at least 1
   * @return the cadence
   * @throws IllegalArgumentException if {@code n} is below 1
   */
  public static Cadence everyBatches(int n) {
    requireAtLeastOne("batches", n);
    return new Cadence(
        "every " + n + " batches",
        (steps, stopwatch) -> steps % n == 0,
        NEVER,
        OptionalDouble.empty(),
        true);
  }

  /**
   * Measures after every so many passes over the data.
   *
   * @param n at least 1
   * @return the cadence
   * @throws IllegalArgumentException if {@code n} is below 1
   */
  public static Cadence everyEpochs(int n) {
    requireAtLeastOne("epochs", n);
    return new Cadence("every " + n + " epochs", NEVER, (epochs, stopwatch) -> epochs % n == 0);
  }

  /**
   * Measures whenever so much time has passed since the last measurement.
   *
   * @param duration above 0
   * @return the cadence
   * @throws IllegalArgumentException if {@code duration} is not above 0
   */
  public static Cadence every(Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException(
          "a cadence must be of a duration above 0, but is of " + duration);
    }
    double seconds = duration.getSeconds() + duration.getNano() / 1e9;
    return new Cadence(
        "every " + duration, (steps, watch) -> watch.secondsSinceMeasurement() >= seconds, NEVER);
  }

  /**
   * Measures often at the beginning, when much changes, and ever more rarely: after 1, 10, 100, ...
   * steps and as many in between as wanted, evenly on a logarithmic scale.
   *
   * @param perDecade measurements from one power of ten to the next, from 1 to {@value
   *     #MOST_PER_DECADE}; of those that fall on the same step one is made
   * @return the cadence
   * @throws IllegalArgumentException if {@code perDecade} is out of range
   */
  public static Cadence logSpaced(int perDecade) {
    if (perDecade < 1 || perDecade > MOST_PER_DECADE) {
      throw new IllegalArgumentException(
          "a cadence must have from 1 to "
              + MOST_PER_DECADE
              + " measurements a decade, but has "
              + perDecade);
    }
    return new Cadence(
        perDecade + " a decade", (steps, stopwatch) -> isLogSpaced(steps, perDecade), NEVER);
  }

  /** Whether a power of the spacing rounds to the count; its neighbours guard against rounding. */
  private static boolean isLogSpaced(long steps, int perDecade) {
    if (steps < 1) {
      return false;
    }
    long near = Math.round(perDecade * Math.log10((double) steps));
    for (long i = near - 1; i <= near + 1; i++) {
      if (Math.round(Math.pow(10, (double) i / perDecade)) == steps) {
        return true;
      }
    }
    return false;
  }

  /**
   * Measures as often as a share of the training's time allows.
   *
   * <p>The time that the training waits for its monitor while it trains, all that the monitor does
   * on its thread included, stays at or below the share of the time since the baseline, as long as
   * a measurement costs no more than the dearest of the last five; room for the one at the end is
   * kept. The baseline itself is made before the training and is not counted; it is measured twice,
   * since the first pass also warms the engine up and says little of the cost of the next. A
   * training that is over before the first measurement fits is still measured at its end, and
   * {@link EarlyStopping.Builder#restoreBest} copies weights whenever an evaluator is at its best;
   * and what its end waits for the last reports is no part of the budget ({@link
   * MonitorBuilder#deliveryTimeout}).
   *
   * @param ratio the share, above 0 and at most 1
   * @return the cadence
   * @throws IllegalArgumentException if {@code ratio} is out of range
   */
  public static Cadence budget(double ratio) {
    if (!(ratio > 0 && ratio <= 1)) {
      throw new IllegalArgumentException(
          "a budget must be a share above 0 and at most 1, but is " + ratio);
    }
    return new Cadence(
        "at most " + ratio + " of the time",
        (steps, stopwatch) -> stopwatch.hasRoom(ratio),
        NEVER,
        OptionalDouble.of(ratio),
        false);
  }

  private static void requireAtLeastOne(String unit, int n) {
    if (n < 1) {
      throw new IllegalArgumentException(
          "a cadence must be of at least 1 " + unit + ", but is of " + n);
    }
  }

  /** The share of the time that measurements may take, if that decides. */
  OptionalDouble budgetRatio() {
    return budget;
  }

  /** Whether it counts batches; in a loop that does not tell of them it is due at every epoch. */
  boolean countsBatches() {
    return countsBatches;
  }

  /** Whether to measure when {@code steps} updates have been applied. */
  boolean dueAfterSteps(long steps, Stopwatch stopwatch) {
    return afterSteps.isDue(steps, stopwatch);
  }

  /** Whether to measure when {@code epochs} passes over the data are complete. */
  boolean dueAfterEpochs(long epochs, Stopwatch stopwatch) {
    return afterEpochs.isDue(epochs, stopwatch);
  }

  @Override
  public String toString() {
    return text;
  }
}
