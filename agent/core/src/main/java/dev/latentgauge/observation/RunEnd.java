package dev.latentgauge.observation;

import java.util.Locale;
import java.util.OptionalInt;

/**
 * How a run ended.
 *
 * @param state whether it finished, was stopped early, or failed
 * @param reason why, for people; may be empty, at most {@value RunInfo#LONGEST_TEXT} characters
 * @param attempt the process that ended, from 1; empty is whichever is the current one
 */
public record RunEnd(State state, String reason, OptionalInt attempt) {

  /** The ways in which a run can end. */
  public enum State {
    /** It did all it set out to do. */
    COMPLETED,
    /** It ended early: on purpose, or for a reason that nobody told. */
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
   * Checks the reason and the attempt.
   *
   * @throws IllegalArgumentException if the reason is too long, or the attempt below 1
   */
  public RunEnd {
    if (reason.length() > RunInfo.LONGEST_TEXT) {
      throw new IllegalArgumentException(
          "reason must have at most "
              + RunInfo.LONGEST_TEXT
              + " characters, but has "
              + reason.length());
    }
    if (attempt.orElse(1) < 1) {
      throw new IllegalArgumentException(
          "attempt must be at least 1, but is " + attempt.getAsInt());
    }
  }

  /**
   * An end of the current attempt, whichever that is.
   *
   * @param state whether it finished, was stopped early, or failed
   * @param reason why, for people; may be empty
   * @throws IllegalArgumentException if the reason is too long
   */
  public RunEnd(State state, String reason) {
    this(state, reason, OptionalInt.empty());
  }

  /**
   * Says which attempt ended.
   *
   * @param number the attempt, from 1
   * @return a copy with the attempt
   * @throws IllegalArgumentException if the attempt is below 1
   */
  public RunEnd ofAttempt(int number) {
    return new RunEnd(state, reason, OptionalInt.of(number));
  }
}
