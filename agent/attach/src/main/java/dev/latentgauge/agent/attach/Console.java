package dev.latentgauge.agent.attach;

/**
 * What the agent says to people: lines on standard error. The program's logger is not asked for it,
 * since it may not be set up yet, or not be there.
 */
final class Console {

  private static final String PREFIX = "latentgauge: ";

  private Console() {}

  static void say(String line) {
    System.err.println(PREFIX + line);
  }
}
