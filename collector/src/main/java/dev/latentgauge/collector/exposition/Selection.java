package dev.latentgauge.collector.exposition;

import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which metrics a scrape wants.
 *
 * @param names the names, with or without what a format adds to them; empty for all
 * @param scope of which scope they are; empty for both
 */
public record Selection(Set<String> names, Optional<MetricScope> scope) {

  /** All metrics. */
  public static final Selection ALL = new Selection(Set.of(), Optional.empty());

  /** What formats add to the name of a metric. */
  private static final List<String> ENDS =
      List.of("", "_total", "_info", "_count", "_sum", "_bucket", "_max");

  private static final Set<String> OF_THE_HISTORY =
      Arrays.stream(Metric.values())
          .filter(metric -> metric.scope() == MetricScope.HISTORY)
          .map(metric -> metric.metadata().getPrometheusName())
          .collect(Collectors.toUnmodifiableSet());

  /** Keeps an unmodifiable copy of the names. */
  public Selection {
    names = Set.copyOf(names);
  }

  /** Whether nothing else is wanted than what all collectors of a history tell alike. */
  boolean isOfTheHistory() {
    return scope.filter(wanted -> wanted == MetricScope.HISTORY).isPresent();
  }

  boolean has(MetricSnapshot metric) {
    String name = metric.getMetadata().getPrometheusName();
    boolean isNamed = names.isEmpty() || ENDS.stream().anyMatch(end -> names.contains(name + end));
    return isNamed && scope.map(wanted -> wanted == scopeOf(name)).orElse(true);
  }

  private static MetricScope scopeOf(String name) {
    return OF_THE_HISTORY.contains(name) ? MetricScope.HISTORY : MetricScope.PROCESS;
  }
}
