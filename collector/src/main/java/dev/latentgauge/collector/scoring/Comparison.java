package dev.latentgauge.collector.scoring;

import dev.latentgauge.collector.store.SketchGroup;
import dev.latentgauge.collector.store.SketchKey;
import dev.latentgauge.collector.store.StoredSketch;
import dev.latentgauge.relative.Profile;
import java.util.List;
import java.util.Optional;

/**
 * Runs that were compared.
 *
 * @param <T> what that came to
 * @param key of which layer and probes their sketches are; empty if there are none
 * @param profile how they were compared
 * @param runs their sketches, all of one size, in the order in which they were named, else of their
 *     names; none if there were not two to compare
 * @param result what that came to, in the same order; empty if there are no runs
 * @param groups what else there is to compare, of the runs that were named, else of all
 * @param missing the runs that were named and are not compared; if none were, those of the layer
 *     and the probes that are not
 */
public record Comparison<T>(
    Optional<SketchKey> key,
    Profile profile,
    List<StoredSketch> runs,
    Optional<T> result,
    List<SketchGroup> groups,
    List<Missing> missing) {

  /** Keeps unmodifiable copies of the lists. */
  public Comparison {
    runs = List.copyOf(runs);
    groups = List.copyOf(groups);
    missing = List.copyOf(missing);
  }

  /**
   * A run that is not compared.
   *
   * @param run its name
   * @param reason why, a sentence for people
   */
  public record Missing(String run, String reason) {}
}
