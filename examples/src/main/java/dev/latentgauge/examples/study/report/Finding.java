package dev.latentgauge.examples.study.report;

import dev.latentgauge.examples.study.statistics.Analysis;
import dev.latentgauge.examples.study.statistics.Bootstrap;
import dev.latentgauge.examples.study.statistics.Case;
import dev.latentgauge.examples.study.statistics.RunCurve;
import java.util.DoubleSummaryStatistics;

/**
 * A table of the study and what it says.
 *
 * @param title for people
 * @param table the measurements
 * @param analysis of the table
 */
record Finding(String title, Case table, Analysis analysis) {

  static Finding of(String title, Case table, Bootstrap bootstrap) {
    return new Finding(title, table, Analysis.of(table, bootstrap));
  }

  /** The last accuracies of the runs, from worst to best. */
  String accuracies() {
    DoubleSummaryStatistics last =
        table.runs().stream().mapToDouble(RunCurve::lastAccuracy).summaryStatistics();
    return Numbers.percent(last.getMin()) + " to " + Numbers.percent(last.getMax());
  }
}
