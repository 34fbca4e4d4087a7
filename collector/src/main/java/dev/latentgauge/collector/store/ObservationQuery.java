package dev.latentgauge.collector.store;

import dev.latentgauge.observation.Observation;
import java.util.Comparator;
import java.util.Optional;

/**
 * Which observations of a run are wanted.
 *
 * @param run the name of the run
 * @param filter only these
 * @param after the key after which to begin; empty to begin at the first
 * @param limit the most observations, at least 1
 */
public record ObservationQuery(
    String run, ObservationFilter filter, Optional<Observation.Key> after, int limit) {

  /** The order of the answer: by attempt, step, layer and reference. */
  public static final Comparator<Observation.Key> ORDER =
      Comparator.comparingInt(Observation.Key::attempt)
          .thenComparingLong(Observation.Key::step)
          .thenComparing(Observation.Key::layer)
          .thenComparing(Observation.Key::reference);
}
