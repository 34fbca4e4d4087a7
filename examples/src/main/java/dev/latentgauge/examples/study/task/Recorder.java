package dev.latentgauge.examples.study.task;

/** Takes down the snapshots of one training. */
@FunctionalInterface
public interface Recorder {

  /**
   * Takes down one snapshot.
   *
   * @param snapshot its step is above that of the one before
   */
  void record(Snapshot snapshot);
}
