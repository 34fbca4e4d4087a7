package dev.latentgauge.cli;

import ch.qos.logback.classic.Level;
import java.util.Locale;

/** How much is logged. */
enum LogLevel {
  /** What somebody has to look at. */
  ERROR,
  /** What somebody may want to look at as well. */
  WARN,
  /** What happens now and then. */
  INFO,
  /** What the collector does, in detail; its libraries stay at INFO. */
  DEBUG;

  Level ours() {
    return Level.toLevel(name());
  }

  Level libraries() {
    return this == DEBUG ? Level.INFO : ours();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
