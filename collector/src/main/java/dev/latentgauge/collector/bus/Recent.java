package dev.latentgauge.collector.bus;

import java.util.LinkedHashMap;
import java.util.Map;

/** Remembers what was looked at last, and forgets the rest. Not thread-safe. */
final class Recent<V> extends LinkedHashMap<String, V> {

  /** As many runs as may be live. */
  private static final int MOST = 10_000;

  Recent() {
    super(16, 0.75f, true);
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
    return size() > MOST;
  }
}
