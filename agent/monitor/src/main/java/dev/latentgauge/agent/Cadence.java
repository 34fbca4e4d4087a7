package dev.latentgauge.agent;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a training is measured.
 *
 * <p>Whatever the cadence, the first measurement is made before the first update, as a baseline,
 * and the last one when the training ends. Immutable; one cadence can serve many monitors.
 */
public final class Cadence {

  private static final int MOST_PER_DECADE = 1000;
  private static final Pattern TEXT =
      Pattern.compile(
          "(\\d{1,9}(?:\\.\\d{1,9})?)\\s*(%|batch|batches|epoch|epochs|per decade|ms|s|min|h)");
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

  /** One that looks at the clock. */
  private interface TimedRule extends Rule {}

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
        everyNth(n, "batch", "batches"),
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
    return new Cadence(
        everyNth(n, "epoch", "epochs"), NEVER, (epochs, stopwatch) -> epochs % n == 0);
  }

  /**
   * Measures whenever so much time has passed since the last measurement. The clock is looked at
   * about every fifty milliseconds: after each step, or every sixteenth at least where they are
   * fast.
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
    TimedRule rule = (steps, stopwatch) -> stopwatch.secondsSinceMeasurement() >= seconds;
    return new Cadence("every " + duration, rule, NEVER);
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
   * a measurement costs no more than the dearest of the last five, and steps that are not measured,
   * a microsecond or two each, no more than half of the share; room for the measurement at the end
   * is kept. The baseline itself is made before the training and is not counted; it is measured
   * twice, since the first pass also warms the engine up and says little of the cost of the next. A
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
    TimedRule rule = (steps, stopwatch) -> stopwatch.hasRoom(ratio);
    return new Cadence(
        "at most " + percentage(ratio) + " % of the time",
        rule,
        NEVER,
        OptionalDouble.of(ratio),
        false);
  }

  /**
   * Reads a cadence from a text.
   *
   * @param text {@code 1 %} of the time, as by {@link #budget}; {@code 100 batches}, {@code 2
   *     epochs}, {@code 30 s} (or {@code ms}, {@code min}, {@code h}), or {@code 10 per decade}, as
   *     by {@link #logSpaced}
   * @return the cadence
   * @throws IllegalArgumentException if it is none of them, or the number is out of range
   */
  public static Cadence parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "a cadence must be like \"1 %\", \"100 batches\", \"2 epochs\", \"30 s\" or \"10 per"
              + " decade\", but is \""
              + text
              + "\"");
    }
    String number = matcher.group(1);
    return switch (matcher.group(2)) {
      case "%" -> budget(new BigDecimal(number).movePointLeft(2).doubleValue());
      case "batch", "batches" -> everyBatches(whole(number, text));
      case "epoch", "epochs" -> everyEpochs(whole(number, text));
      case "per decade" -> logSpaced(whole(number, text));
      default -> every(duration(new BigDecimal(number), matcher.group(2)));
    };
  }

  private static int whole(String number, String text) {
    try {
      return Integer.parseInt(number);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "a cadence must be of a whole number up to " + Integer.MAX_VALUE + ", but is " + text, e);
    }
  }

  private static Duration duration(BigDecimal number, String unit) {
    ChronoUnit of =
        switch (unit) {
          case "ms" -> ChronoUnit.MILLIS;
          case "s" -> ChronoUnit.SECONDS;
          case "min" -> ChronoUnit.MINUTES;
          default -> ChronoUnit.HOURS;
        };
    return Duration.ofMillis(
        number.multiply(BigDecimal.valueOf(of.getDuration().toMillis())).longValue());
  }

  private static String everyNth(int n, String one, String many) {
    return n == 1 ? "every " + one : "every " + n + " " + many;
  }

  private static String percentage(double ratio) {
    return BigDecimal.valueOf(ratio).movePointRight(2).stripTrailingZeros().toPlainString();
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

  /** Whether the clock decides, and it may be asked a little later as well. */
  boolean goesByClock() {
    return afterSteps instanceof TimedRule;
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
