package dev.latentgauge.collector.store;

import dev.latentgauge.observation.Observation;
import java.util.Comparator;
import java.util.Optional;

/**
 * Which observations of a run are wanted.
 *
 * @param run the name of the run
 * @param layer only of this layer, if given
 * @param reference only against this reference, if given
 * @param after the key after which to begin; empty to begin at the first
 * @param limit the most observations, at least 1
 */
public record ObservationQuery(
    String run,
    Optional<String> layer,
    Optional<String> reference,
    Optional<Observation.Key> after,
    int limit) {

  /** The order of the answer: by attempt, step, layer and reference. */
  public static final Comparator<Observation.Key> ORDER =
      Comparator.comparingInt(Observation.Key::attempt)
          .thenComparingLong(Observation.Key::step)
          .thenComparing(Observation.Key::layer)
          .thenComparing(Observation.Key::reference);
}
