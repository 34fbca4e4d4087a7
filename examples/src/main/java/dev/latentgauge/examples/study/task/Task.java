package dev.latentgauge.examples.study.task;

import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.util.List;

/**
 * A real problem that networks are trained on, and the trainings that the study watches.
 *
 * <p>The pool are the N inputs that every snapshot embeds, in one order: anchors first, then
 * probes. The study takes the first of each, so that their order is random where selection should
 * be uniform.
 */
public interface Task extends AutoCloseable {

  /**
   * What its files are called.
   *
   * @return of {@code [a-z0-9-]}
   */
  String name();

  /**
   * Data, split, networks and what varies, for the report.
   *
   * @return a paragraph of Markdown
   */
  String description();

  /**
   * All trainings, references first, in the order in which they are made.
   *
   * @return the runs, whose names are unique
   */
  List<Run> runs();

  /**
   * How many inputs of the pool may serve as anchors; they come first.
   *
   * @return at least 128
   */
  int anchorPool();

  /**
   * How many anchors the study uses where it does not vary them.
   *
   * @return at most {@link #anchorPool}
   */
  default int anchors() {
    return 128;
  }

  /**
   * How many of the inputs after the anchors serve as probes where their number is not varied.
   *
   * @return at most the size of the pool less {@link #anchorPool}
   */
  default int probes() {
    return 512;
  }

  /**
   * The ways to look at this task, each of which gets its own table.
   *
   * @return at least one
   */
  List<View> views();

  /**
   * Trains one run from scratch.
   *
   * <p>A monitored run is recorded at step 0 and then at about fifteen steps, the same ones for all
   * runs of a task, denser in the beginning. Of a reference only the last snapshot is used, so one
   * is enough. A training that diverges ends early, with what was recorded before.
   *
   * @param run one of {@link #runs}
   * @param recorder gets the snapshots
   * @throws IOException if the data cannot be read
   * @throws TranslateException if DJL cannot make a batch
   */
  void train(Run run, Recorder recorder) throws IOException, TranslateException;

  /** Releases the data. */
  @Override
  void close();
}
