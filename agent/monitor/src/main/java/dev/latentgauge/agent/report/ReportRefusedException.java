package dev.latentgauge.agent.report;

/**
 * A report that would be refused again however often it came; the message says why in one line. If
 * it is the beginning of a run that is refused, nothing else of the run is reported either.
 */
public final class ReportRefusedException extends RuntimeException {

  /**
   * A refusal.
   *
   * @param message why, in one line for people
   */
  public ReportRefusedException(String message) {
    super(message);
  }
}
