package dev.latentgauge.collector.run;

import dev.latentgauge.observation.Observation;
import dev.latentgauge.relative.Undefined;

/**
 * Where a series stands.
 *
 * @param latest the observation with the highest step of the highest attempt, whenever it arrived
 * @param undefined how many observations of the series had no score, at least 0
 */
public record SeriesState(Observation latest, long undefined) {

  static SeriesState first(Observation observation) {
    return new SeriesState(observation, undefinedIn(observation));
  }

  SeriesState and(Observation observation) {
    return new SeriesState(
        Run.NEWEST_LAST.compare(observation, latest) > 0 ? observation : latest,
        undefined + undefinedIn(observation));
  }

  private static long undefinedIn(Observation observation) {
    return observation.outcome() instanceof Undefined ? 1 : 0;
  }
}
