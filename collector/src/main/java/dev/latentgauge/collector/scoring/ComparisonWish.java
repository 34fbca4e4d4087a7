package dev.latentgauge.collector.scoring;

import dev.latentgauge.relative.Profile;
import java.util.List;
import java.util.Optional;

/**
 * Which runs somebody wants compared, and how.
 *
 * @param runs their names, each once; empty for those of all runs whose sketches came last
 * @param layer the layer, unless it is that of which most have a sketch
 * @param probes the probes, unless they are those of which most have a sketch
 * @param profile how they are compared
 */
public record ComparisonWish(
    List<String> runs, Optional<String> layer, Optional<String> probes, Profile profile) {

  /** Keeps an unmodifiable copy of the names. */
  public ComparisonWish {
    runs = List.copyOf(runs);
  }
}
