package dev.latentgauge.cli;

import dev.latentgauge.observation.Observation.PredictedAccuracy;
import dev.latentgauge.reference.Calibration;
import dev.latentgauge.reference.Description;
import dev.latentgauge.reference.Reading;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.relative.Difference;
import dev.latentgauge.relative.Rows;
import dev.latentgauge.relative.Score;
import dev.latentgauge.relative.Undefined;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.StringJoiner;

/** A comparison as people read it. */
record ComparisonText(Reference reference, Path candidateFile, Description candidate) {

  String of(Reading reading, OptionalDouble anchorError, Optional<Compare.Comparison> against) {
    StringJoiner lines = new StringJoiner("\n");
    lines.add(
        candidateFile
            + " against "
            + reference.id()
            + " (profile "
            + reference.profile()
            + ", "
            + reference.probeCount()
            + " probes, "
            + reference.anchorCount()
            + " anchors)");
    lines.add("");
    if (reading.measurement().outcome() instanceof Undefined undefined) {
      lines.add("  the score is undefined: " + undefined.reason());
    }
    if (reading.measurement().outcome() instanceof Score score) {
      add(lines, score, reading, anchorError);
    }
    against.ifPresent(comparison -> add(lines, comparison));
    addCompanions(lines, reading);
    if (reading.measurement().outcome() instanceof Score score) {
      reference.calibration().ifPresent(known -> addCondition(lines, score.value(), known));
    }
    return lines.toString();
  }

  private static void addCondition(StringJoiner lines, double score, Calibration calibration) {
    double lowest = calibration.lowestScore();
    double highest = calibration.highestScore();
    lines.add("");
    if (score < lowest || score > highest) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  The calibration has scores from %.4f to %.4f and knows nothing of this one: its"
                  + " interval is open there.",
              lowest,
              highest));
    }
    lines.add("  " + Calibration.CONDITION);
  }

  private static void add(
      StringJoiner lines, Score score, Reading reading, OptionalDouble anchorError) {
    add(lines, "score", score.value(), "0 is chance, 1 is identity");
    add(lines, "  standard error", score.standardError(), "over the choice of probes");
    anchorError.ifPresent(
        error -> add(lines, "  error over anchors", error, "common to all scores of a reference"));
    reading
        .gaugedScore()
        .ifPresent(place -> add(lines, "gauged score", place, "0 is the floor, 1 is the ceiling"));
    reading
        .predictedAccuracy()
        .ifPresent(
            predicted -> add(lines, "predicted accuracy", predicted.value(), interval(predicted)));
    add(lines, "similarity", score.similarity(), "of the profiles of one probe");
    add(lines, "chance", score.chance(), "of the profiles of two probes");
    if (reading.measurement().zeroRows() > 0) {
      lines.add(
          "  "
              + reading.measurement().zeroRows()
              + " probes have a zero embedding, which says nothing");
    }
  }

  private static String interval(PredictedAccuracy predicted) {
    return String.format(Locale.ROOT, "from %.4f to %.4f", predicted.low(), predicted.high());
  }

  private static void add(StringJoiner lines, Compare.Comparison against) {
    if (against.difference().isEmpty()) {
      lines.add("  no difference: " + against.whyNone());
      return;
    }
    Difference difference = against.difference().get();
    add(
        lines,
        "better by",
        difference.value(),
        String.format(
            Locale.ROOT,
            "than %s, with a standard error of %.4f",
            against.file(),
            difference.standardError()));
  }

  private void addCompanions(StringJoiner lines, Reading reading) {
    String dimensions =
        candidate.embeddings().map(Rows::dimensions).map(d -> "of " + d + " dimensions").orElse("");
    add(lines, "linear CKA", reading.companions().linearCka(), "with the reference");
    add(lines, "effective rank", reading.companions().effectiveRank(), dimensions);
    add(
        lines,
        "neighbour overlap",
        reading.companions().neighbourOverlap(),
        "share of nearest anchors in common");
    add(
        lines,
        "prediction agreement",
        reading.companions().predictionAgreement(),
        "share of probes with the same class");
  }

  private static void add(StringJoiner lines, String name, OptionalDouble value, String meaning) {
    value.ifPresent(number -> add(lines, name, number, meaning));
  }

  private static void add(StringJoiner lines, String name, double value, String meaning) {
    lines.add(
        String.format(Locale.ROOT, "  %-22s %8.4f   %s", name, value, meaning).stripTrailing());
  }
}
