package dev.latentgauge.examples.study.report;

import dev.latentgauge.examples.study.statistics.Difference;
import dev.latentgauge.examples.study.statistics.Estimate;
import dev.latentgauge.examples.study.statistics.Interval;
import java.util.Locale;
import java.util.Optional;

/** How numbers are written. */
final class Numbers {

  private static final String UNDEFINED = "–";

  private Numbers() {}

  /** Two digits, as correlations are written. */
  static String plain(double number) {
    String text = String.format(Locale.ROOT, "%.2f", number);
    return "-0.00".equals(text) ? "0.00" : text;
  }

  /** Per cent with one digit, as accuracies are written. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** An estimate without its interval. */
  static String value(Optional<Estimate> estimate) {
    return estimate.map(found -> plain(found.value())).orElse(UNDEFINED);
  }

  /** An estimate of a share of accuracy, without its interval, in percentage points. */
  static String points(Optional<Estimate> estimate) {
    return estimate
        .map(found -> String.format(Locale.ROOT, "%.1f", 100 * found.value()))
        .orElse(UNDEFINED);
  }

  /** An estimate with its interval, and with the number of its runs if these are not all. */
  static String withInterval(Optional<Estimate> estimate, int all) {
    return estimate
        .map(
            found ->
                plain(found.value())
                    + interval(found, 1)
                    + (found.runs() == all ? "" : " n=%d".formatted(found.runs())))
        .orElse(UNDEFINED);
  }

  /** A difference with its interval, bold where that leaves out 0. */
  static String difference(Optional<Difference> difference, double scale) {
    return difference.map(found -> bold(found.estimate(), scale)).orElse(UNDEFINED);
  }

  private static String bold(Estimate estimate, double scale) {
    String text =
        String.format(Locale.ROOT, "%+.2f", scale * estimate.value()) + interval(estimate, scale);
    return estimate.isClear() ? "**" + text + "**" : text;
  }

  private static String interval(Estimate estimate, double scale) {
    return estimate.interval().map(found -> " " + range(found, scale)).orElse("");
  }

  private static String range(Interval interval, double scale) {
    return "(%s to %s)".formatted(plain(scale * interval.low()), plain(scale * interval.high()));
  }
}
