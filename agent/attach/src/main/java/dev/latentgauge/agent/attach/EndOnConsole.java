package dev.latentgauge.agent.attach;

import dev.latentgauge.agent.report.Reporter;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.relative.Score;
import dev.latentgauge.relative.Undefined;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Says at the end of a run what came of it, and at once when a layer cannot be measured. */
final class EndOnConsole implements Reporter {

  private final Map<String, String> latest = new LinkedHashMap<>();
  private long observations;

  @Override
  public void begin(RunInfo run) {}

  @Override
  public void observed(RunInfo run, List<Observation> all) {
    for (Observation observation : all) {
      observations++;
      String layer = observation.key().layer() + " against " + observation.key().reference();
      if (observation.outcome() instanceof Score score) {
        latest.put(layer, String.format(Locale.ROOT, "%.3f", score.value()));
      } else if (observation.outcome() instanceof Undefined undefined
          && latest.put(layer, "undefined") == null) {
        Console.say("run " + run.name() + " has no score at " + layer + ": " + undefined.reason());
      }
    }
  }

  @Override
  public void end(RunInfo run, RunEnd end) {
    StringBuilder line = new StringBuilder();
    line.append("run ").append(run.name()).append(" has ended, ");
    line.append(end.state().text());
    line.append(end.reason().isEmpty() ? "" : " (" + end.reason() + ")");
    line.append(", after ").append(observations).append(" observations");
    latest.forEach(
        (layer, score) -> line.append("; last score of ").append(layer).append(": ").append(score));
    Console.say(line.toString());
  }
}
