package dev.latentgauge.examples.study.task;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
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
 * @param isBrief whether the variants of the score that figures do not show are left out, to save
 *     time where there are many anchors and probes
 */
public record View(
    String name,
    String title,
    String layer,
    int anchors,
    int firstProbe,
    int probes,
    Predicate<Run> runs,
    boolean isBrief) {

  /**
   * The anchors among what a layer makes of the pool.
   *
   * @param pool N x d
   * @return k x d
   */
  public NDArray anchorsOf(NDArray pool) {
    return pool.get(new NDIndex("0:{}", anchors));
  }

  /**
   * The probes among what a layer makes of the pool.
   *
   * @param pool N x d
   * @return n x d
   */
  public NDArray probesOf(NDArray pool) {
    return pool.get(new NDIndex("{}:{}", firstProbe, firstProbe + probes));
  }

  /**
   * The usual views of a task: its monitored layer and the one after the activation, of all runs,
   * with anchors that are no probes.
   *
   * @param task the task
   * @param title of the task, for people
   * @return two views
   */
  static List<View> ofLayers(Task task, String title) {
    return List.of(
        of(task, task.name(), title, Classification.ENCODER),
        of(
            task,
            task.name() + "-activation",
            title + ", after the activation",
            Classification.ACTIVATION));
  }

  private static View of(Task task, String name, String title, String layer) {
    return new View(
        name, title, layer, task.anchors(), task.anchorPool(), task.probes(), run -> true, false);
  }
}
