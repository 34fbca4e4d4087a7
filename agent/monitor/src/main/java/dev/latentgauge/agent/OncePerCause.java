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

  /** Logs something unexpected at level warn, with its stack trace, unless it has been logged. */
  void warn(String message, Throwable cause) {
    if (isNew(cause)) {
      log.warn("{} (said once for this cause)", message, cause);
    }
  }

  /** Logs something that happens at level warn, in one line, unless it has been logged. */
  void warnBriefly(String message, Throwable cause) {
    if (isNew(cause)) {
      log.warn("{} (said once for this cause): {}", message, cause.toString());
    }
  }

  private boolean isNew(Throwable cause) {
    return seen.size() < MOST_CAUSES && seen.add(cause.getClass() + ": " + cause.getMessage());
  }
}
