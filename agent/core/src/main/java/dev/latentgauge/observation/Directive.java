package dev.latentgauge.observation;

/**
 * What a training is told to do, in the answer to each of its reports.
 *
 * @param stops whether it should stop; else it should go on
 * @param reason why, for people; may be empty, at most {@value RunInfo#LONGEST_TEXT} characters
 */
public record Directive(boolean stops, String reason) {

  /** Go on. */
  public static final Directive CONTINUE = new Directive(false, "");

  /**
   * Checks the reason.
   *
   * @throws IllegalArgumentException if it is too long
   */
  public Directive {
    RunInfo.requireText("reason", reason);
  }

  /**
   * Stop.
   *
   * @param reason why, for people; may be empty
   * @return the directive
   * @throws IllegalArgumentException if the reason is too long
   */
  public static Directive stop(String reason) {
    return new Directive(true, reason);
  }
}
