package dev.latentgauge.collector;

import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.run.RunListener;
import dev.latentgauge.collector.store.RunQuery;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Listeners to runs and queries for them, for tests. */
public final class Runs {

  /** Listens to nothing. */
  public static final RunListener NOBODY =
      new RunListener() {
        @Override
        public void changed(Run run) {}

        @Override
        public void deleted(String name) {}
      };

  private Runs() {}

  /** A query for all runs after a name. */
  public static RunQuery all(Optional<String> after, int limit) {
    return new RunQuery(Set.of(), "", new TreeMap<>(), after, limit);
  }
}
