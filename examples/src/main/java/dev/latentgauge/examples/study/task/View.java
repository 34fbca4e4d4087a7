package dev.latentgauge.examples.study.task;

import java.util.function.Predicate;

/**
 * A way to look at the runs of a task: which layer, which anchors and probes, which of the runs.
 *
 * @param name what its files are called, of {@code [a-z0-9-]}
 * @param title for people
 * @param layer the layer that is measured
 * @param anchors k; the first inputs of the pool
 * @param firstProbe the row of the pool at which the probes start; below {@code anchors} where
 *     anchors are probes too
 * @param probes n, the number of rows from there
 * @param runs which of the runs count
 */
public record View(
    String name,
    String title,
    String layer,
    int anchors,
    int firstProbe,
    int probes,
    Predicate<Run> runs) {

  /**
   * The usual view of a task: all runs, its monitored layer, anchors that are no probes.
   *
   * @param task the task
   * @param title for people
   * @param layer the layer that is measured
   * @return the view, which has the name of the task
   */
  public static View of(Task task, String title, String layer) {
    return new View(
        task.name(), title, layer, task.anchors(), task.anchorPool(), task.probes(), run -> true);
  }

  /**
   * The same with other anchors.
   *
   * @param count k
   * @return the view
   */
  public View withAnchors(int count) {
    return new View(name, title, layer, count, firstProbe, probes, runs);
  }

  /**
   * The same with other probes.
   *
   * @param count n
   * @return the view
   */
  public View withProbes(int count) {
    return new View(name, title, layer, anchors, firstProbe, count, runs);
  }
}
