package dev.latentgauge.collector.store;

import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.Wire;
import java.util.Collection;
import java.util.List;

/**
 * What is to be changed in one run.
 *
 * @param <T> what it comes to
 */
interface Change<T> {

  /** The name of the run. */
  String run();

  /** The observations that it adds, as they are written. */
  default Collection<Written> observations() {
    return List.of();
  }

  /**
   * Decides. What is refused throws a {@link ConflictException} or a {@link CapacityException}, and
   * has staged nothing.
   */
  T decide(Ledger ledger);

  /**
   * An observation and its document.
   *
   * @param document its JSON in ASCII
   */
  record Written(Observation observation, String document) {
    static Written of(Observation observation) {
      return new Written(observation, Ascii.json(Wire.tree(observation)));
    }
  }
}
