package dev.latentgauge.collector.run;

import dev.latentgauge.observation.Observation;
import java.util.Comparator;

/**
 * What a run is measured by: one layer against one reference.
 *
 * @param layer the name of the layer
 * @param reference the name of the reference with its fingerprint
 */
public record Series(String layer, String reference) implements Comparable<Series> {

  private static final Comparator<Series> ORDER =
      Comparator.comparing(Series::layer).thenComparing(Series::reference);

  /**
   * The series that an observation belongs to.
   *
   * @param key the key of the observation
   * @return its layer and reference
   */
  public static Series of(Observation.Key key) {
    return new Series(key.layer(), key.reference());
  }

  /** By layer, then by reference. */
  @Override
  public int compareTo(Series other) {
    return ORDER.compare(this, other);
  }
}
