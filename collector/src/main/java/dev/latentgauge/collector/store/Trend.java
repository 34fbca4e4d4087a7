package dev.latentgauge.collector.store;

import dev.latentgauge.collector.run.Series;
import java.util.Collections;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a series fared in the attempt that its newest observation is of, in a few points.
 *
 * @param series the layer and the reference
 * @param attempt the attempt
 * @param scores some of the scores by their steps, the first and the newest among them; empty where
 *     a score is undefined
 */
public record Trend(Series series, int attempt, SortedMap<Long, OptionalDouble> scores) {

  /** Keeps an unmodifiable copy. */
  public Trend {
    scores = Collections.unmodifiableSortedMap(new TreeMap<>(scores));
  }
}
