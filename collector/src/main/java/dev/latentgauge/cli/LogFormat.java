package dev.latentgauge.cli;

import java.util.Locale;

/** How lines of the log are written. */
enum LogFormat {
  /** For people. */
  TEXT,
  /** For programs: an object a line. */
  JSON;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
