package dev.latentgauge.delivery;

import java.util.LinkedHashSet;
import java.util.Set;

/** What failures say. */
public final class Causes {

  private Causes() {}

  /**
   * What went wrong, with what that came from: clients often say only there what it was.
   *
   * @param failure a failure
   * @return its message and those of its causes, each once, or what they are where they have none
   */
  public static String text(Throwable failure) {
    Set<String> messages = new LinkedHashSet<>();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      messages.add(cause.getMessage() == null ? cause.toString() : cause.getMessage());
    }
    return String.join(": ", messages);
  }
}
