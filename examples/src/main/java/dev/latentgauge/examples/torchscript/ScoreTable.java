package dev.latentgauge.examples.torchscript;

import dev.latentgauge.agent.report.Reporter;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.relative.Outcome;
import dev.latentgauge.relative.Score;
import dev.latentgauge.relative.Undefined;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Prints what the monitor reports, a line a measurement. */
final class ScoreTable implements Reporter {

  private final PrintStream out;

  ScoreTable(PrintStream out) {
    this.out = out;
  }

  @Override
  public void begin(RunInfo run) {
    out.printf(Locale.ROOT, "%8s %8s %8s%n", "step", "score", "error");
  }

  @Override
  public void observed(RunInfo run, List<Observation> observations) {
    observations.forEach(seen -> out.println(line(seen)));
  }

  private static String line(Observation seen) {
    return String.format(Locale.ROOT, "%8d %s", seen.key().step(), columns(seen.outcome()));
  }

  private static String columns(Outcome outcome) {
    if (outcome instanceof Score score) {
      return String.format(Locale.ROOT, "%8.3f %8.3f", score.value(), score.standardError());
    }
    return "undefined: " + ((Undefined) outcome).reason();
  }
}
