package dev.latentgauge.collector.store;

import dev.latentgauge.collector.run.RunState;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which runs are wanted.
 *
 * @param states only runs in one of these states; empty is all
 * @param prefix only runs whose names begin so
 * @param tags only runs that have all these tags, with these values
 * @param after the name after which to begin; empty to begin at the first
 * @param limit the most runs, at least 1
 */
public record RunQuery(
    Set<RunState> states,
    String prefix,
    SortedMap<String, String> tags,
    Optional<String> after,
    int limit) {

  /** Keeps unmodifiable copies. */
  public RunQuery {
    states = Set.copyOf(states);
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
  }
}
