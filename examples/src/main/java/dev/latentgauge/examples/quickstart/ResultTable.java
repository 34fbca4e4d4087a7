package dev.latentgauge.examples.quickstart;

import dev.latentgauge.examples.chart.Correlation;
import dev.latentgauge.relative.Score;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The results as a table for people, best accuracy first. */
final class ResultTable {

  private ResultTable() {}

  static String of(List<RunResult> results) {
    StringBuilder table =
        new StringBuilder(
            """
            run                steps     score  std.err.   chance  true test accuracy
            -----------------  -----  --------  --------  -------  ------------------
            """);
    results.stream()
        .sorted(Comparator.comparingDouble(RunResult::accuracy).reversed())
        .forEach(result -> table.append(row(result)));
    return table.append('\n').append(correlations(results)).toString();
  }

  private static String correlations(List<RunResult> results) {
    List<RunResult> scored =
        results.stream().filter(result -> result.outcome() instanceof Score).toList();
    double[] scores =
        scored.stream().mapToDouble(result -> ((Score) result.outcome()).value()).toArray();
    double[] accuracies = scored.stream().mapToDouble(RunResult::accuracy).toArray();
    return String.format(
        Locale.ROOT,
        "score and accuracy over %d runs: Pearson %s, Spearman %s%n",
        scored.size(),
        text(Correlation.pearson(scores, accuracies)),
        text(Correlation.spearman(scores, accuracies)));
  }

  private static String text(OptionalDouble correlation) {
    return correlation.isPresent()
        ? String.format(Locale.ROOT, "%.3f", correlation.getAsDouble())
        : "undefined";
  }

  private static String row(RunResult result) {
    String measured =
        result.outcome() instanceof Score score
            ? String.format(
                Locale.ROOT,
                "%8.4f  %8.4f  %7.4f",
                score.value(),
                score.standardError(),
                score.chance())
            : String.format(Locale.ROOT, "%27s", "undefined");
    return String.format(
        Locale.ROOT,
        "%-17s  %5d  %s  %18.4f%n",
        result.name(),
        result.steps(),
        measured,
        result.accuracy());
  }
}
