package dev.latentgauge.collector.run;

import dev.latentgauge.observation.RunEnd;
import java.util.Arrays;
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
  FAILED,
  /** It gave no word for so long that nobody expects any; its next word makes it live again. */
  LOST;

  static RunState of(RunEnd.State state) {
    return switch (state) {
      case COMPLETED -> COMPLETED;
      case STOPPED -> STOPPED;
      case FAILED -> FAILED;
    };
  }

  /**
   * Reads a state.
   *
   * @param text a state as {@link #text} writes it
   * @return the state
   * @throws IllegalArgumentException if there is none; names those that there are
   */
  public static RunState parse(String text) {
    return Arrays.stream(values())
        .filter(state -> state.text().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a state must be one of "
                        + Arrays.stream(values()).map(RunState::text).toList()
                        + ", but is \""
                        + text
                        + "\""));
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
