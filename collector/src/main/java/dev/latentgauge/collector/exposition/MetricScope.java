package dev.latentgauge.collector.exposition;

import java.util.Arrays;
import java.util.Locale;

/** What a metric is told of, and so whether it matters which of several collectors is asked. */
public enum MetricScope {
  /** Runs and their history: all collectors that share a history tell the same. */
  HISTORY,
  /** The process that answers. */
  PROCESS;

  /**
   * Reads what {@link #text} wrote.
   *
   * @param text the name of a scope
   * @return the scope
   * @throws IllegalArgumentException if it is none; names all
   */
  public static MetricScope parse(String text) {
    return Arrays.stream(values())
        .filter(scope -> scope.text().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "scope must be one of "
                        + Arrays.stream(values()).map(MetricScope::text).toList()
                        + ", but is \""
                        + text
                        + "\""));
  }

  /**
   * The name in requests.
   *
   * @return the name in lower case
   */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
