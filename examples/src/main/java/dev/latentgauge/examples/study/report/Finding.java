package dev.latentgauge.examples.study.report;

import dev.latentgauge.examples.study.statistics.Analysis;
import dev.latentgauge.examples.study.statistics.Bootstrap;
import dev.latentgauge.examples.study.statistics.Case;
import dev.latentgauge.examples.study.statistics.RunCurve;
import java.util.DoubleSummaryStatistics;

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
