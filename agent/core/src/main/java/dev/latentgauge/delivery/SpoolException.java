package dev.latentgauge.delivery;

import java.io.IOException;

/**
 * A spool file that cannot be used now, and is left as it is; the message names it and says why.
 */
final class SpoolException extends IOException {

  private final boolean held;

  private SpoolException(String message, boolean held, Throwable cause) {
    super(message, cause);
    this.held = held;
  }

  SpoolException(String message, Throwable cause) {
    this(message, false, cause);
  }

  SpoolException(String message) {
    super(message);
    this.held = false;
  }

  /** A living process has it open. */
  static SpoolException held(String message, Throwable cause) {
    return new SpoolException(message, true, cause);
  }

  boolean isHeld() {
    return held;
  }
}
