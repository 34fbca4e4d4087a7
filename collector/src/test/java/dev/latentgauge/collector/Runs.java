package dev.latentgauge.collector;

import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.run.RunListener;

/** Listeners to runs, for tests. */
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
}
