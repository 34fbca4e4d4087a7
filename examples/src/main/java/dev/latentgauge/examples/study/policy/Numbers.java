package dev.latentgauge.examples.study.policy;

import dev.latentgauge.examples.study.statistics.Estimate;
import java.util.Locale;
import java.util.Optional;

/** How numbers are written; all are shares, and shown in per cent or in points of accuracy. */
final class Numbers {

  static final String UNDEFINED = "–";

  /** How per cent are written. */
  static final String WHOLE = "%.0f";

  /** How points of accuracy are written. */
  static final String TENTHS = "%.1f";

  private Numbers() {}

  static String percent(double share) {
    return number(share, WHOLE) + " %";
  }

  /** A range, or one number where both are written alike. */
  static String percents(double low, double high) {
    String least = number(low, WHOLE);
    String most = number(high, WHOLE);
    return (least.equals(most) ? least : least + " to " + most) + " %";
  }

  static String points(double share) {
    return number(share, TENTHS);
  }

  /** An estimate with its interval. */
  static String text(Optional<Estimate> estimate, String format) {
    return estimate
        .map(found -> number(found.value(), format) + interval(found, format))
        .orElse(UNDEFINED);
  }

  /** A difference with its interval, bold where that leaves out 0. */
  static String difference(Optional<Estimate> estimate, String format) {
    return estimate
        .map(
            found -> {
              String text =
                  (found.value() > 0 ? "+" : "")
                      + number(found.value(), format)
                      + interval(found, format);
              return found.isClear() ? "**" + text + "**" : text;
            })
        .orElse(UNDEFINED);
  }

  private static String interval(Estimate estimate, String format) {
    return estimate
        .interval()
        .map(
            found ->
                " (%s to %s)".formatted(number(found.low(), format), number(found.high(), format)))
        .orElse("");
  }

  private static String number(double share, String format) {
    if (Double.isNaN(share)) {
      return UNDEFINED;
    }
    String text = String.format(Locale.ROOT, format, 100 * share);
    return text.matches("-0(\\.0*)?") ? text.substring(1) : text;
  }
}
