package dev.latentgauge.collector.store;

import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.run.RunListener;

/** Something that happened to a run, which is told when it is committed. */
sealed interface News {

  /** What it happened to; of two of the same subject the later one is of use. */
  Subject subject();

  void tell(RunListener listener);

  /** What can have news. */
  sealed interface Subject {
    String run();
  }

  /** A run. */
  record OfRun(String run) implements Subject {}

  /** The end of a run's rows; the name may be given to another run. */
  record OfDeletion(String run) implements Subject {}

  /** A sketch of a run. */
  record OfSketch(String run, SketchKey key) implements Subject {}

  /** A run was registered or has changed. */
  record Changed(Run run) implements News {
    @Override
    public Subject subject() {
      return new OfRun(run.name());
    }

    @Override
    public void tell(RunListener listener) {
      listener.changed(run);
    }
  }

  /** A run was deleted. */
  record Deleted(String run) implements News {
    @Override
    public Subject subject() {
      return new OfDeletion(run);
    }

    @Override
    public void tell(RunListener listener) {
      listener.deleted(run);
    }
  }

  /** A sketch was kept, or replaced. */
  record Sketched(String run, SketchKey key, long step) implements News {
    @Override
    public Subject subject() {
      return new OfSketch(run, key);
    }

    @Override
    public void tell(RunListener listener) {
      listener.sketched(run, key.layer(), key.probes(), step);
    }
  }
}
