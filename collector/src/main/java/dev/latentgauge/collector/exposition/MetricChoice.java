package dev.latentgauge.collector.exposition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which metrics of runs are exposed: ten thousand runs have half a million series, of which a
 * Prometheus may want few. What the collector says of itself always is. Immutable.
 */
public final class MetricChoice {

  /** All of them. */
  public static final MetricChoice ALL = new MetricChoice(EnumSet.allOf(Metric.class));

  private static final String EXCLUDED = "-";
  private static final String ANY_END = "*";

  private final Set<Metric> chosen;

  private MetricChoice(Set<Metric> chosen) {
    this.chosen = chosen;
  }

  /**
   * Reads a choice.
   *
   * @param patterns names of metrics, or their beginnings followed by {@code *}; with {@code -}
   *     before it what is not wanted. If the first is not wanted, all others are; else what follows
   *     adds to it, or takes from it, in this order
   * @return the choice
   * @throws IllegalArgumentException if a pattern is no metric of runs; names all that are not, and
   *     what they can be
   */
  public static MetricChoice parse(List<String> patterns) {
    List<String> unknown =
        patterns.stream().filter(pattern -> matching(pattern).isEmpty()).toList();
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "metrics must be names, or beginnings of names followed by *, of "
              + choosable().stream().map(Metric::exposedName).collect(Collectors.joining(", "))
              + ", each with - before it where it is not wanted, but there is none for "
              + String.join(", ", unknown));
    }
    EnumSet<Metric> chosen = EnumSet.allOf(Metric.class);
    if (!patterns.isEmpty() && !patterns.get(0).startsWith(EXCLUDED)) {
      chosen.removeAll(choosable());
    }
    for (String pattern : patterns) {
      if (pattern.startsWith(EXCLUDED)) {
        chosen.removeAll(matching(pattern));
      } else {
        chosen.addAll(matching(pattern));
      }
    }
    return new MetricChoice(chosen);
  }

  private static List<Metric> matching(String pattern) {
    String name = pattern.startsWith(EXCLUDED) ? pattern.substring(1) : pattern;
    List<Metric> matching = new ArrayList<>();
    for (Metric metric : choosable()) {
      boolean matches =
          name.endsWith(ANY_END)
              ? metric.exposedName().startsWith(name.substring(0, name.length() - 1))
              : metric.exposedName().equals(name);
      if (matches) {
        matching.add(metric);
      }
    }
    return matching;
  }

  private static List<Metric> choosable() {
    return Arrays.stream(Metric.values())
        .filter(metric -> metric.labels().contains("run"))
        .toList();
  }

  boolean has(Metric metric) {
    return chosen.contains(metric);
  }
}
