package dev.latentgauge.agent;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;

/** Logs each cause of trouble once, so that one that stays does not fill the log. */
final class OncePerCause {

  private static final int MOST_CAUSES = 100;

  private final Logger log;
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  OncePerCause(Logger log) {
    this.log = log;
  }

  /** Logs at level warn, with the exception, unless one of its class and message has been. */
  void warn(String message, Throwable cause) {
    if (seen.size() < MOST_CAUSES && seen.add(cause.getClass() + ": " + cause.getMessage())) {
      log.warn("{} (said once for this cause)", message, cause);
    }
  }
}
