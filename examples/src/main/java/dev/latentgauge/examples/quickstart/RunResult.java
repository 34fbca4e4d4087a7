package dev.latentgauge.examples.quickstart;

import dev.latentgauge.examples.chart.RunCurve;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.relative.Outcome;
import dev.latentgauge.relative.Score;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What became of a run.
 *
 * @param name the name of the run
 * @param observations what the monitor reported, in the order of steps
 * @param accuracies the true accuracy on test images, from 0 to 1, by step
 */
record RunResult(String name, List<Observation> observations, SortedMap<Long, Double> accuracies) {

  long steps() {
    return accuracies.lastKey();
  }

  double accuracy() {
    return accuracies.getOrDefault(accuracies.lastKey(), Double.NaN);
  }

  Outcome outcome() {
    return observations.get(observations.size() - 1).outcome();
  }

  /** The curves of the run. */
  RunCurve curve() {
    Map<Long, Score> scores = new HashMap<>();
    for (Observation observation : observations) {
      if (observation.outcome() instanceof Score score) {
        scores.put(observation.key().step(), score);
      }
    }
    List<RunCurve.Point> points =
        accuracies.entrySet().stream()
            .map(entry -> point(entry.getKey(), scores.get(entry.getKey()), entry.getValue()))
            .toList();
    return new RunCurve(name, points);
  }

  private static RunCurve.Point point(long step, @Nullable Score score, double accuracy) {
    return score == null
        ? RunCurve.Point.unscored(step, accuracy)
        : RunCurve.Point.of(step, score.value(), score.standardError(), accuracy);
  }
}
