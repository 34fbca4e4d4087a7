package dev.latentgauge.examples.study.report;

import dev.latentgauge.examples.study.measure.Measure;
import dev.latentgauge.examples.study.statistics.Analysis;
import dev.latentgauge.examples.study.statistics.Bootstrap;
import dev.latentgauge.examples.study.statistics.Case;
import dev.latentgauge.examples.study.statistics.Difference;
import dev.latentgauge.examples.study.statistics.Estimate;
import dev.latentgauge.examples.study.statistics.RunCurve;
import dev.latentgauge.examples.study.statistics.Statistic;
import dev.latentgauge.examples.study.statistics.Subset;
import java.util.DoubleSummaryStatistics;
import java.util.Optional;

/**
 * A table of the study and what it says.
 *
 * @param section the tables
 * @param analysis of the measures
 * @param variations analysis of the variations
 */
record Finding(Section section, Analysis analysis, Analysis variations) {

  static Finding of(Section section, Bootstrap bootstrap) {
    return new Finding(
        section,
        Analysis.of(section.measures(), bootstrap),
        Analysis.of(section.variations(), bootstrap));
  }

  /** The answer of a measure, empty also where the table has no such measure. */
  Optional<Estimate> estimate(String measure, Statistic statistic) {
    return analysis.measures().contains(measure)
        ? analysis.estimate(measure, statistic)
        : Optional.empty();
  }

  /** How many runs a question is about, whether or not a measure is defined in them. */
  int runs(Statistic statistic) {
    return analysis.runs(
        statistic instanceof Statistic.Across across ? across.subset() : Subset.ALL);
  }

  /** The answer of a measure with its interval, and with the number of its runs if not all. */
  String cell(String measure, Statistic statistic) {
    return Numbers.withInterval(estimate(measure, statistic), runs(statistic));
  }

  /** By how much the default is above another measure, empty also where that is not there. */
  Optional<Difference> overDefault(String other, Statistic statistic) {
    return analysis.measures().contains(other)
        ? analysis.difference(Measure.DEFAULT.name(), other, statistic)
        : Optional.empty();
  }

  /** The score of a run under the default profile when it was last measured, NaN if undefined. */
  static double score(RunCurve run) {
    return run.lastValue(Measure.DEFAULT.name());
  }

  String title() {
    return section.title();
  }

  Case table() {
    return section.measures();
  }

  /** The last accuracies of the runs, from worst to best. */
  String accuracies() {
    DoubleSummaryStatistics last =
        table().runs().stream().mapToDouble(RunCurve::lastAccuracy).summaryStatistics();
    return Numbers.percent(last.getMin()) + " to " + Numbers.percent(last.getMax());
  }
}
