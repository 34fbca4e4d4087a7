package dev.latentgauge.benchmarks;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A cell of a table: a text, a count, a number, or the median of numbers with its interval of 95 %.
 *
 * @param text what it says, if it is a text or a count
 * @param value the count, the number, or the median
 * @param low where the interval begins, if there is one
 * @param high where it ends
 */
record Cell(
    @Nullable String text, @Nullable Double value, @Nullable Double low, @Nullable Double high) {

  /** Where there is nothing to say. */
  static final Cell NONE = of("-");

  private static final int DIGITS = 3;

  static Cell of(String text) {
    return new Cell(text, null, null, null);
  }

  static Cell ofCount(long count) {
    return new Cell(String.format(Locale.ROOT, "%,d", count), (double) count, null, null);
  }

  /** A number; nothing if it is none. */
  static Cell of(double value) {
    return Double.isNaN(value) ? NONE : new Cell(null, value, null, null);
  }

  /** The median of what was seen in several rounds. */
  static Cell ofRounds(List<Double> rounds) {
    Quantiles.Interval interval = Quantiles.ofMedian(rounds);
    return new Cell(null, Quantiles.median(rounds), interval.low(), interval.high());
  }

  boolean isNumber() {
    return value != null;
  }

  /** The number; not a number if there is none. */
  double number() {
    return value == null ? Double.NaN : value;
  }

  /** As people read it, with three digits that count. */
  String markdown() {
    if (text != null) {
      return text;
    }
    return low == null || high == null
        ? format(number())
        : format(number()) + " (" + format(low) + " to " + format(high) + ")";
  }

  private static String format(double number) {
    if (number == 0 || !Double.isFinite(number)) {
      return String.format(Locale.ROOT, "%.0f", number);
    }
    int before = (int) Math.floor(Math.log10(Math.abs(number))) + 1;
    return String.format(Locale.ROOT, "%,." + Math.max(0, DIGITS - before) + "f", number);
  }
}
