package dev.latentgauge.delivery;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers what was said, so that trouble which stays is said once. Thread-safe. */
final class Complaints {

  private static final int MOST = 100;

  private final Set<String> said = ConcurrentHashMap.newKeySet();

  /** Whether a cause is to be told; true once for each. */
  boolean isNew(String cause) {
    return said.size() < MOST && said.add(cause);
  }
}
