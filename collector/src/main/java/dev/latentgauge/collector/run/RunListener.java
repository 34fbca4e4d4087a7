package dev.latentgauge.collector.run;

import java.util.List;

/**
 * Hears of every change to a run, in the order in which the changes were committed.
 *
 * <p>It is called while the change is being committed, so it must be quick and must not throw.
 */
public interface RunListener {

  /**
   * A run was registered or has changed.
   *
   * @param run the run as it is now
   */
  void changed(Run run);

  /**
   * A run was deleted.
   *
   * @param name its name
   */
  void deleted(String name);

  /**
   * A sketch of a run was kept, or replaced.
   *
   * @param run the name of the run
   * @param layer of which layer it is
   * @param probes what tells its anchors and probes from others
   * @param step optimiser updates applied to the weights that were measured
   */
  default void sketched(String run, String layer, String probes, long step) {}

  /**
   * Changes may have been missed, as at the beginning: this is how everything is.
   *
   * @param recent the runs that are live, or ended not long ago
   */
  default void startedOver(List<Run> recent) {
    recent.forEach(this::changed);
  }
}
