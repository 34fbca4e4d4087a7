package dev.latentgauge.examples.study.report;

import dev.latentgauge.examples.chart.Interval;
import dev.latentgauge.examples.chart.IntervalChart;
import dev.latentgauge.examples.chart.ScatterGrid;
import dev.latentgauge.examples.study.measure.Group;
import dev.latentgauge.examples.study.measure.Measure;
import dev.latentgauge.examples.study.statistics.Estimate;
import dev.latentgauge.examples.study.statistics.RunCurve;
import dev.latentgauge.examples.study.statistics.Statistic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The figures of the report. */
final class Figures {

  private static final String LAYER = ", after ";

  private final List<Finding> findings;

  Figures(List<Finding> findings) {
    this.findings = findings;
  }

  IntervalChart correlations() {
    return intervals(
        "Which measure follows accuracy across runs?",
        "Pearson's correlation with accuracy over runs at their last step, with 95 % intervals over"
            + " runs. Dashed: what a finite test set allows.",
        Report.PEARSON);
  }

  IntervalChart bestThird() {
    return intervals(
        "Which measure ranks good runs among themselves?",
        "Spearman's correlation with accuracy among the best third of the runs, with 95 % intervals.",
        Report.SPEARMAN_THIRD);
  }

  private IntervalChart intervals(String title, String subtitle, Statistic statistic) {
    IntervalChart.Builder chart =
        IntervalChart.titled(title)
            .subtitle(subtitle)
            .axis("correlation with accuracy", -1, 1)
            .emphasise(Measure.DEFAULT.title());
    Measure.shown()
        .forEach(
            (group, measures) ->
                chart.group(heading(group), measures.stream().map(Measure::title).toList()));
    findings.forEach(finding -> chart.panel(panel(finding, statistic)));
    return chart.build();
  }

  private static String heading(Group group) {
    return switch (group) {
      case REPRESENTATION -> "embeddings of run and reference";
      case RUN_ALONE -> "embeddings of the run alone";
      case PREDICTIONS -> "needs a common head";
      case LABELS -> "needs labels";
      case CONTROL -> "controls";
    };
  }

  private static IntervalChart.Panel panel(Finding finding, Statistic statistic) {
    Map<String, Interval> intervals = new HashMap<>();
    for (List<Measure> measures : Measure.shown().values()) {
      for (Measure measure : measures) {
        finding
            .estimate(measure.name(), statistic)
            .ifPresent(estimate -> intervals.put(measure.title(), interval(estimate)));
      }
    }
    OptionalDouble ceiling =
        statistic.equals(Report.PEARSON)
            ? finding.analysis().ceiling().stream()
                .mapToDouble(found -> found.pearson().value())
                .findFirst()
            : OptionalDouble.empty();
    String runs = finding.runs(statistic) + "\u00a0runs";
    return new IntervalChart.Panel(heading(finding), caption(finding, runs), intervals, ceiling);
  }

  private static Interval interval(Estimate estimate) {
    return estimate
        .interval()
        .map(found -> new Interval(estimate.value(), found.low(), found.high()))
        .orElseGet(() -> new Interval(estimate.value(), estimate.value(), estimate.value()));
  }

  ScatterGrid scatter() {
    List<String> noises =
        findings.stream()
            .flatMap(finding -> finding.table().runs().stream())
            .map(Figures::noise)
            .distinct()
            .sorted()
            .toList();
    ScatterGrid.Builder grid =
        ScatterGrid.titled("Score and accuracy at the last step, one dot a run")
            .subtitle("Score: " + Measure.DEFAULT.title() + ". A run without a score has no dot.")
            .axes("score", "accuracy")
            .categories("share of wrong labels", noises);
    findings.forEach(finding -> grid.panel(panel(finding)));
    return grid.build();
  }

  private static ScatterGrid.Panel panel(Finding finding) {
    int all = finding.table().runs().size();
    List<ScatterGrid.Dot> dots =
        finding.table().runs().stream()
            .filter(run -> Double.isFinite(Finding.score(run)))
            .map(run -> new ScatterGrid.Dot(Finding.score(run), run.lastAccuracy(), noise(run)))
            .toList();
    String caption =
        "Pearson %s, Spearman %s (best third %s), %s runs"
            .formatted(
                Numbers.value(finding.estimate(Measure.DEFAULT.name(), Report.PEARSON)),
                Numbers.value(finding.estimate(Measure.DEFAULT.name(), Report.SPEARMAN)),
                Numbers.value(finding.estimate(Measure.DEFAULT.name(), Report.SPEARMAN_THIRD)),
                dots.size() == all ? all : dots.size() + " of " + all);
    return new ScatterGrid.Panel(heading(finding), caption(finding, caption), dots);
  }

  /** A title up to the layer, which would make it too long for a panel. */
  private static String heading(Finding finding) {
    int layer = finding.title().indexOf(LAYER);
    return layer < 0 ? finding.title() : finding.title().substring(0, layer);
  }

  /** What a heading leaves out, and then a text. */
  private static String caption(Finding finding, String text) {
    int layer = finding.title().indexOf(LAYER);
    return layer < 0 ? text : finding.title().substring(layer + 2) + ", " + text;
  }

  private static String noise(RunCurve run) {
    return run.settings().getOrDefault("label_noise", "0.0");
  }
}
