package dev.latentgauge.collector.store;

import java.util.Optional;
import java.util.Set;

/**
 * Which sketches are wanted.
 *
 * @param runs the names of their runs; empty for those of all runs
 * @param layer their layer, if only one is wanted
 * @param probes their probes, if only those of some are wanted
 */
public record SketchQuery(Set<String> runs, Optional<String> layer, Optional<String> probes) {

  /** Keeps an unmodifiable copy of the names. */
  public SketchQuery {
    runs = Set.copyOf(runs);
  }

  /**
   * Restricts it to one layer and one set of probes.
   *
   * @param key which
   * @return a copy with them
   */
  public SketchQuery of(SketchKey key) {
    return new SketchQuery(runs, Optional.of(key.layer()), Optional.of(key.probes()));
  }
}
