package dev.latentgauge.examples.study.report;

import dev.latentgauge.examples.report.Markdown;
import dev.latentgauge.examples.study.measure.Measure;
import dev.latentgauge.examples.study.statistics.Estimate;
import dev.latentgauge.examples.study.statistics.RunCurve;
import dev.latentgauge.examples.study.statistics.Statistic;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What becomes of the score when one thing at a time is changed, and how references compare. */
final class Ablations {

  private final Finding finding;

  Ablations(Finding finding) {
    this.finding = finding;
  }

  void addTo(Markdown text) {
    text.paragraph("The references themselves, as if they were runs:");
    text.table(
        List.of("model", "accuracy", "score", "linear CKA", "agreement of predictions"),
        finding.section().references().runs().stream().map(Ablations::reference).toList());
    text.paragraph(
        "The score at the last step when one thing is changed. Of several draws of the anchors:"
            + " the mean correlation, the lowest and highest in brackets.");
    text.table(
        List.of("changed", "Pearson", "Spearman", "above half: Pearson", "best third: Spearman"),
        kinds().stream().map(this::variation).toList());
    spread(text);
  }

  private static List<String> reference(RunCurve run) {
    return List.of(
        run.name(),
        Numbers.percent(run.lastAccuracy()),
        last(run, Measure.DEFAULT.name()),
        last(run, Measure.LINEAR_CKA.name()),
        last(run, Measure.AGREEMENT.name()));
  }

  private static String last(RunCurve run, String measure) {
    double value = run.lastValue(measure);
    return Double.isNaN(value) ? "–" : Numbers.plain(value);
  }

  /** Variations by what was changed: all draws of the same kind are one. */
  private List<String> kinds() {
    return names().stream().map(Ablations::kind).distinct().toList();
  }

  private List<String> names() {
    return finding.section().variations().measures();
  }

  private static String kind(String name) {
    return isDraw(name) ? name.substring(0, name.indexOf(':')) : name;
  }

  private static boolean isDraw(String name) {
    return name.startsWith("uniform:")
        || name.startsWith("k-means:")
        || name.startsWith("farthest-point:");
  }

  private List<String> variation(String kind) {
    List<String> draws = names().stream().filter(name -> kind(name).equals(kind)).toList();
    String title =
        draws.size() == 1
            ? kind.replace(":", ": ")
            : "selection: %s, %d draws".formatted(kind.replace('-', ' '), draws.size());
    return List.of(
        title,
        correlation(draws, Report.PEARSON),
        correlation(draws, Report.SPEARMAN),
        correlation(draws, Report.PEARSON_HALF),
        correlation(draws, Report.SPEARMAN_THIRD));
  }

  private String correlation(List<String> draws, Statistic statistic) {
    if (draws.size() == 1) {
      return Numbers.withInterval(
          finding.variations().estimate(draws.get(0), statistic), finding.runs(statistic));
    }
    double[] values =
        draws.stream()
            .map(draw -> finding.variations().estimate(draw, statistic))
            .flatMap(Optional::stream)
            .mapToDouble(Estimate::value)
            .sorted()
            .toArray();
    return values.length == 0
        ? "–"
        : "%s [%s to %s]"
            .formatted(
                Numbers.plain(Arrays.stream(values).average().orElseThrow()),
                Numbers.plain(values[0]),
                Numbers.plain(values[values.length - 1]));
  }

  /** How far the choice of anchors moves the score of a run. */
  private void spread(Markdown text) {
    List<String> draws = names().stream().filter(name -> name.startsWith("uniform:")).toList();
    if (draws.size() < 2) {
      return;
    }
    double squares = 0;
    int runs = 0;
    for (RunCurve run : finding.section().variations().runs()) {
      double[] scores = draws.stream().mapToDouble(run::lastValue).toArray();
      double mean = Arrays.stream(scores).average().orElseThrow();
      double variance =
          Arrays.stream(scores).map(score -> (score - mean) * (score - mean)).sum()
              / (scores.length - 1);
      if (Double.isFinite(variance)) {
        squares += variance;
        runs++;
      }
    }
    text.paragraph(
        String.format(
            Locale.ROOT,
            "Over %d draws of the anchors the score of a run has a standard deviation of %.3f"
                + " (root of the mean variance over %d runs).",
            draws.size(),
            Math.sqrt(squares / Math.max(1, runs)),
            runs));
  }
}
