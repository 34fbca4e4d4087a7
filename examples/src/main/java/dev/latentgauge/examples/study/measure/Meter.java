package dev.latentgauge.examples.study.measure;

import dev.latentgauge.examples.study.recording.Recording;
import java.util.List;
import java.util.Map;

/** Measures the snapshots of runs, one run after the other. Not thread-safe. */
public interface Meter extends AutoCloseable {

  /**
   * What is measured.
   *
   * @return unique names
   */
  List<String> names();

  /**
   * Starts with a run.
   *
   * @param run the recording, whose first snapshot is of the untrained network
   */
  void begin(Recording run);

  /**
   * Measures one snapshot of the run that was begun with.
   *
   * @param run the recording
   * @param snapshot which, in [0, T)
   * @return values by name; what is undefined is left out
   */
  Map<String, Double> measure(Recording run, int snapshot);

  /** Releases the arrays. */
  @Override
  void close();
}
