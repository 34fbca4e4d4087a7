package dev.latentgauge.stopping;

import dev.latentgauge.observation.Observation;
import java.util.Locale;

/** What a training spends, by which runs are compared when they have spent as much. */
public enum Resource {
  /** Passes over the data. */
  EPOCH,
  /** Updates of the optimiser. */
  STEP;

  /**
   * What it is called on the wire.
   *
   * @return a word in lower case
   */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * How much was spent when something was observed.
   *
   * @param observation what was observed
   * @return epochs or steps, at least 0
   */
  public double of(Observation observation) {
    return this == EPOCH ? observation.epoch() : observation.key().step();
  }
}
