package dev.latentgauge.agent.report;

/** A report that would be refused again however often it came. */
public final class ReportRefusedException extends RuntimeException {

  ReportRefusedException(String message) {
    super(message);
  }
}
