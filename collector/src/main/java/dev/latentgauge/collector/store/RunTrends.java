package dev.latentgauge.collector.store;

import java.util.List;

/**
 * How a run fared, in a few points.
 *
 * @param run the name of the run
 * @param trends those of its series, by layer and reference
 */
public record RunTrends(String run, List<Trend> trends) {

  /** Keeps an unmodifiable copy. */
  public RunTrends {
    trends = List.copyOf(trends);
  }
}
