package dev.latentgauge.collector.run;

import java.util.List;

/** Several listeners, each of which hears of all changes. */
public final class RunListeners implements RunListener {

  private final List<RunListener> listeners;

  /**
   * One listener in place of several.
   *
   * @param listeners told in this order
   */
  public RunListeners(RunListener... listeners) {
    this.listeners = List.of(listeners);
  }

  @Override
  public void changed(Run run) {
    listeners.forEach(listener -> listener.changed(run));
  }

  @Override
  public void deleted(String name) {
    listeners.forEach(listener -> listener.deleted(name));
  }

  @Override
  public void sketched(String run, String layer, String probes, long step) {
    listeners.forEach(listener -> listener.sketched(run, layer, probes, step));
  }

  @Override
  public void startedOver(List<Run> recent) {
    listeners.forEach(listener -> listener.startedOver(recent));
  }
}
