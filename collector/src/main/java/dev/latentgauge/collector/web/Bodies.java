package dev.latentgauge.collector.web;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of bodies are held at once, from their arrival until their request is answered.
 *
 * <p>Thread-safe.
 */
final class Bodies {

  private final long most;
  private final AtomicLong held = new AtomicLong();

  /** Room for so many bytes, at least 1. */
  Bodies(long most) {
    this.most = most;
  }

  /** Takes room for some bytes; false, and nothing taken, if there is not so much. */
  boolean take(long bytes) {
    if (held.addAndGet(bytes) <= most) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  /** Gives room back that was taken. */
  void giveBack(long bytes) {
    held.addAndGet(-bytes);
  }

  long most() {
    return most;
  }
}
