package dev.latentgauge.collector.run;

import dev.latentgauge.observation.RunEnd;
import java.util.Locale;

/** Whether a run is under way, or how it ended. */
public enum RunState {
  /** It has not ended, as far as anyone said. */
  LIVE,
  /** It did all it set out to do. */
  COMPLETED,
  /** It ended early: on purpose, or for a reason that nobody told. */
  STOPPED,
  /** It broke. */
  FAILED;

  static RunState of(RunEnd.State state) {
    return switch (state) {
      case COMPLETED -> COMPLETED;
      case STOPPED -> STOPPED;
      case FAILED -> FAILED;
    };
  }

  /**
   * The state on the wire and in labels.
   *
   * @return the name in lower case
   */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
