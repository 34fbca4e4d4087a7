package dev.latentgauge.cli;

import dev.latentgauge.reference.Calibration;
import dev.latentgauge.reference.CalibrationSummary;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.StringJoiner;

/** A new calibration as people read it. */
record CalibrationText(Calibration calibration, CalibrationSummary summary) {

  String text() {
    StringJoiner lines = new StringJoiner("\n");
    add(lines, "calibration", line(calibration));
    add(lines, "rank correlation", correlation());
    add(
        lines,
        "half-width",
        format(
            "%.4f, the median over the runs; from %.4f to %.4f",
            summary.medianHalfWidth(), summary.narrowestHalfWidth(), summary.widestHalfWidth()));
    add(lines, "held-out coverage", heldOutCoverage());
    lines.add("");
    lines.add("  " + Calibration.CONDITION);
    return lines.toString();
  }

  private String heldOutCoverage() {
    OptionalDouble coverage = summary.heldOutCoverage();
    return coverage.isPresent()
        ? format("%.4f of the runs lie in the interval of the others", coverage.getAsDouble())
        : "undefined: the runs are just enough for the coverage, and less one they are not";
  }

  private String correlation() {
    OptionalDouble correlation = summary.rankCorrelation();
    if (correlation.isEmpty()) {
      return "undefined: all scores or all accuracies are equal";
    }
    String says = correlation.getAsDouble() > 0 ? "" : ": the score does not tell accuracy here";
    return format("%.4f (Spearman, score and accuracy)", correlation.getAsDouble()) + says;
  }

  /** A calibration in one line. */
  static String line(Calibration calibration) {
    return format(
        "%d runs, scores from %.4f to %.4f, coverage %s, %s",
        calibration.points().size(),
        calibration.lowestScore(),
        calibration.highestScore(),
        calibration.coverage(),
        calibration.fromStep() == 0 ? "at any step" : "from step " + calibration.fromStep());
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private static void add(StringJoiner lines, String name, String value) {
    lines.add(format("  %-18s %s", name, value));
  }
}
