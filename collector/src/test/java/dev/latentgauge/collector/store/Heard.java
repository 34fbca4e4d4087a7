package dev.latentgauge.collector.store;

import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.run.RunListener;
import java.util.ArrayList;
import java.util.List;

/** Writes down what it hears, each in a line. */
final class Heard extends ArrayList<String> implements RunListener {

  private static final long serialVersionUID = 1;

  @Override
  public void changed(Run run) {
    add(run.name() + " " + run.state().text() + " " + run.observations());
  }

  @Override
  public void deleted(String name) {
    add(name + " deleted");
  }

  @Override
  public void sketched(String run, String layer, String probes, long step) {
    add(run + " sketched " + layer + " " + probes + " " + step);
  }

  @Override
  public void startedOver(List<Run> recent) {
    add("started over");
    recent.forEach(this::changed);
  }
}
