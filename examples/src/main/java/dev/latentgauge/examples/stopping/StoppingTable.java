package dev.latentgauge.examples.stopping;

import java.util.List;
import java.util.Locale;

/** Stopped runs as a table in Markdown, and what they come to. */
final class StoppingTable {

  private static final double ONE_POINT = 1;

  private StoppingTable() {}

  static String header() {
    return """
        | run | stopped at epoch | weights of epoch | their accuracy | best accuracy, at epoch | cost in points | accuracy at the end |
        |---|---:|---:|---:|---:|---:|---:|
        """;
  }

  static String row(StoppedRun run) {
    return String.format(
        Locale.ROOT,
        "| %s, seed %d | %s of %.0f | %.0f | %.2f | %.2f, %.0f | %.2f | %.2f |%n",
        run.kind().text(),
        run.seed(),
        run.stopped().isPresent()
            ? String.format(Locale.ROOT, "%.0f", run.epochs(run.steps()))
            : "not",
        run.epochs(run.fullSteps()),
        run.epochs(run.restoredStep()),
        100 * run.restoredAccuracy(),
        100 * run.bestAccuracy(),
        run.epochs(run.bestStep()),
        run.loss(),
        100 * run.lastAccuracy());
  }

  /** Score and accuracy of every epoch, as CSV. */
  static String curves(List<StoppedRun> runs) {
    StringBuilder lines = new StringBuilder("kind,seed,step,score,accuracy\n");
    for (StoppedRun run : runs) {
      run.accuracies()
          .forEach(
              (step, accuracy) ->
                  lines.append(
                      String.format(
                          Locale.ROOT,
                          "%s,%d,%d,%.6f,%.4f%n",
                          run.kind().text(),
                          run.seed(),
                          step,
                          run.scores().getOrDefault(step, Double.NaN),
                          accuracy)));
    }
    return lines.toString();
  }

  static String summary(List<StoppedRun> runs) {
    long stopped = runs.stream().filter(run -> run.stopped().isPresent()).count();
    long close = runs.stream().filter(run -> run.loss() <= ONE_POINT).count();
    double loss = runs.stream().mapToDouble(StoppedRun::loss).average().orElse(0);
    double gain =
        runs.stream()
            .mapToDouble(run -> 100 * (run.restoredAccuracy() - run.lastAccuracy()))
            .average()
            .orElse(0);
    double worst = runs.stream().mapToDouble(StoppedRun::loss).max().orElse(0);
    double spent =
        runs.stream()
            .mapToDouble(run -> (double) run.steps() / run.fullSteps())
            .average()
            .orElse(1);
    return String.format(
        Locale.ROOT,
        "%nOf %d runs %d were stopped early, %d within %.0f point of their best accuracy (the worst"
            + " lost %.2f). On average they lost %.2f points against the best of all their epochs, were"
            + " %.2f better than at their full length, and took %.0f %% of its updates.%n",
        runs.size(),
        stopped,
        close,
        ONE_POINT,
        worst,
        loss,
        gain,
        100 * spent);
  }
}
