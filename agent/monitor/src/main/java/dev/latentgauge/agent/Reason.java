package dev.latentgauge.agent;

/** Why something happened, in a text that is short enough to report. */
final class Reason {

  private static final int LONGEST = 500;

  private Reason() {}

  static String of(String text) {
    return text.substring(0, Math.min(text.length(), LONGEST));
  }
}
