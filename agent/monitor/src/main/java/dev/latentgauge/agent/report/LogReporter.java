package dev.latentgauge.agent.report;

import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.Observation.PredictedAccuracy;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.relative.Score;
import dev.latentgauge.relative.Undefined;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a line to the log for every observation, at level info. */
public final class LogReporter implements Reporter {

  private static final Logger LOG = LoggerFactory.getLogger(LogReporter.class);

  private LogReporter() {}

  /**
   * A reporter to the log.
   *
   * @return a new reporter
   */
  public static LogReporter create() {
    return new LogReporter();
  }

  @Override
  public void observed(RunInfo run, List<Observation> observations) {
    for (Observation observation : observations) {
      LOG.info(
          "{} step {} {}: {}",
          run.name(),
          observation.key().step(),
          observation.key().layer(),
          text(observation));
    }
  }

  private static String text(Observation observation) {
    if (observation.outcome() instanceof Undefined undefined) {
      return "no score, " + undefined.reason();
    }
    Score score = (Score) observation.outcome();
    String text =
        String.format(
            Locale.ROOT,
            "score %.4f ± %.4f (similarity %.4f, chance %.4f)",
            score.value(),
            score.standardError(),
            score.similarity(),
            score.chance());
    return text + observation.predictedAccuracy().map(LogReporter::text).orElse("");
  }

  private static String text(PredictedAccuracy predicted) {
    return String.format(
        Locale.ROOT,
        ", predicted accuracy %.4f (%.4f to %.4f for runs like the calibrated ones)",
        predicted.value(),
        predicted.low(),
        predicted.high());
  }

  @Override
  public void end(RunInfo run, RunEnd end) {
    LOG.info("{} {} {}", run.name(), end.state().text(), end.reason());
  }
}
