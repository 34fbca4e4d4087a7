package dev.latentgauge.collector.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a token allows; {@link Permissions} says which requests that is. */
public enum Scope {
  /** For dashboards, Prometheus and people: everything can be read. */
  READ,
  /** For agents: runs are reported, references kept, and both read as far as that needs it. */
  WRITE,
  /** Everything, deleting and telling trainings to stop included. */
  ADMIN;

  /**
   * The scope in commands, files and messages.
   *
   * @return the name in lower case
   */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a scope.
   *
   * @param text a name as {@link #text} gives it
   * @return the scope
   * @throws IllegalArgumentException if there is no such scope
   */
  public static Scope parse(String text) {
    return Arrays.stream(values())
        .filter(scope -> scope.text().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a scope must be "
                        + Arrays.stream(values()).map(Scope::text).collect(Collectors.joining(", "))
                        + ", but is \""
                        + text
                        + "\""));
  }
}
