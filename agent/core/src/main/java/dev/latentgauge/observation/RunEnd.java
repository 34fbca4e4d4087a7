package dev.latentgauge.observation;

import java.util.Locale;

/**
 * How a run ended.
 *
 * @param state whether it finished, was stopped early, or failed
 * @param reason why, for people; may be empty, at most {@value RunInfo#LONGEST_TEXT} characters
 */
public record RunEnd(State state, String reason) {

  /** The ways in which a run can end. */
  public enum State {
    /** It did all it set out to do. */
    COMPLETED,
    /** It was stopped early, on purpose. */
    STOPPED,
    /** It broke. */
    FAILED;

    /**
     * The state on the wire.
     *
     * @return the name in lower case
     */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks the reason.
   *
   * @throws IllegalArgumentException if it is too long
   */
  public RunEnd {
    if (reason.length() > RunInfo.LONGEST_TEXT) {
      throw new IllegalArgumentException(
          "reason must have at most "
              + RunInfo.LONGEST_TEXT
              + " characters, but has "
              + reason.length());
    }
  }
}
