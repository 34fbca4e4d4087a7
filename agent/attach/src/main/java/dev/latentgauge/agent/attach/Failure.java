package dev.latentgauge.agent.attach;

/** What is said of an exception to people who have not written the code that threw it. */
final class Failure {

  /** By its classes and by a test. */
  private static final String OLDEST_DJL = "0.25.0";

  private Failure() {}

  /** The reason in a sentence. */
  static String reason(Throwable failure) {
    if (failure instanceof LinkageError || failure instanceof ClassNotFoundException) {
      return "the agent is for DJL " + OLDEST_DJL + " and later, and this one lacks: " + failure;
    }
    return failure instanceof IllegalArgumentException && failure.getMessage() != null
        ? failure.getMessage()
        : failure.toString();
  }
}
