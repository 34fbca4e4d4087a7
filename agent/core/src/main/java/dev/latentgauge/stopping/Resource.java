package dev.latentgauge.stopping;

import dev.latentgauge.observation.Observation;

/** What a training spends, by which runs are compared when they have spent as much. */
public enum Resource {
  /** Passes over the data. */
  EPOCH,
  /** Updates of the optimiser. */
  STEP;

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
