package dev.latentgauge.collector.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The runs that were changed last, so that they need not be read again. What is stale is found out
 * by its version. Not thread-safe.
 */
final class RunCache {

  private static final int MOST = 20_000;

  private final Map<Long, StoredRun> runs =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, StoredRun> eldest) {
          return size() > MOST;
        }
      };

  Optional<StoredRun> find(long id, long version) {
    return Optional.ofNullable(runs.get(id)).filter(run -> run.version() == version);
  }

  /** Forgets all. */
  void clear() {
    runs.clear();
  }

  /** Takes note of what was committed. */
  void update(Ledger ledger) {
    ledger.deleted().forEach(runs::remove);
    ledger.changed().forEach(changed -> update(changed.after()));
  }

  /** Takes note of how a run is. */
  void update(StoredRun run) {
    if (run.run().live()) {
      runs.put(run.id(), run);
    } else {
      runs.remove(run.id());
    }
  }
}
