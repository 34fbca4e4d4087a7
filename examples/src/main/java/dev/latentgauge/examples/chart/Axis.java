package dev.latentgauge.examples.chart;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Numbers along a line of the picture, with ticks at round numbers.
 *
 * @param low the number at the start
 * @param high the number at the end, above {@code low}
 * @param spacing from tick to tick: 1, 2 or 5 times a power of ten
 * @param start where the axis starts in the picture, in pixels
 * @param end where it ends, in pixels; below {@code start} for one that rises
 */
record Axis(double low, double high, double spacing, double start, double end) {

  private static final int MOST_TICKS = 6;
  private static final double BETWEEN_NUMBERS = 8;

  /**
   * An axis that reaches as far as the values, and a little further.
   *
   * @param values finite numbers; without any, the axis goes from 0 to 1
   * @param margin how far it goes on at each end, as a share of the range of the values
   * @param ticks about how many ticks to have
   * @param start where it starts in the picture, in pixels
   * @param end where it ends, in pixels
   */
  static Axis over(DoubleStream values, double margin, int ticks, double start, double end) {
    DoubleSummaryStatistics summary = values.summaryStatistics();
    if (summary.getCount() == 0) {
      return new Axis(0, 1, spacing(1.0 / ticks), start, end);
    }
    double low = summary.getMin();
    double high = summary.getMax();
    double room = margin * (high - low);
    if (high <= low) {
      room = low == 0 ? 1 : Math.abs(low) / 10;
    }
    double spacing = spacing((high - low + 2 * room) / ticks);
    return new Axis(low - room, high + room, spacing, start, end);
  }

  /**
   * An axis to the right with as many ticks as leave their numbers apart.
   *
   * @param values finite numbers; without any, the axis goes from 0 to 1
   * @param margin how far it goes on at each end, as a share of the range of the values
   * @param left where it starts in the picture, in pixels
   * @param right where it ends, in pixels
   */
  static Axis legible(double[] values, double margin, double left, double right) {
    int ticks = MOST_TICKS;
    Axis axis = over(DoubleStream.of(values), margin, ticks, left, right);
    while (ticks > 1 && axis.isCrowded()) {
      ticks--;
      axis = over(DoubleStream.of(values), margin, ticks, left, right);
    }
    return axis;
  }

  /** An axis of as many numbers with the same spacing of ticks, around another number. */
  Axis elsewhere(double middle, double start, double end) {
    double reach = (high - low) / 2;
    return new Axis(middle - reach, middle + reach, spacing, start, end);
  }

  private boolean isCrowded() {
    double widest =
        Arrays.stream(ticks())
            .mapToObj(this::number)
            .mapToDouble(number -> Canvas.width(number, Canvas.TEXT))
            .max()
            .orElse(0);
    return widest + BETWEEN_NUMBERS > at(low + spacing) - start;
  }

  /** The round number that is nearest by ratio. */
  private static double spacing(double wanted) {
    double power = Math.pow(10, Math.floor(Math.log10(wanted)));
    return Stream.of(1.0, 2.0, 5.0, 10.0)
        .map(factor -> factor * power)
        .min(Comparator.comparingDouble(candidate -> Math.abs(Math.log(candidate / wanted))))
        .orElseThrow();
  }

  /** Where a number is, in pixels. */
  double at(double value) {
    return start + (value - low) / (high - low) * (end - start);
  }

  /** The numbers that get a tick, in ascending order. */
  double[] ticks() {
    long first = (long) Math.ceil(low / spacing - 1e-9);
    long last = (long) Math.floor(high / spacing + 1e-9);
    double[] ticks = new double[(int) (last - first + 1)];
    for (int i = 0; i < ticks.length; i++) {
      ticks[i] = (first + i) * spacing;
    }
    return ticks;
  }

  /** A tick as a number, in thousands where ticks are that far apart. */
  String number(double tick) {
    if (spacing >= 1000 && tick != 0) {
      return String.format(Locale.ROOT, "%,.0fk", tick / 1000);
    }
    return String.format(Locale.ROOT, "%,." + decimals(spacing) + "f", tick + 0.0);
  }

  /** A number that need not be a tick, to about a hundredth of the axis. */
  String precise(double value) {
    if (Double.isInfinite(value)) {
      return value < 0 ? "-∞" : "∞";
    }
    BigDecimal rounded =
        BigDecimal.valueOf(value).setScale(decimals((high - low) / 100), RoundingMode.HALF_UP);
    return rounded.toPlainString();
  }

  /** A tick in per cent. */
  String percentage(double tick) {
    return String.format(Locale.ROOT, "%." + decimals(100 * spacing) + "f %%", 100 * tick + 0.0);
  }

  /** As many as tell a tick from its neighbours. */
  private static int decimals(double spacing) {
    return Math.max(0, (int) Math.ceil(-Math.log10(spacing) - 1e-9));
  }
}
