package dev.latentgauge.agent;

import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;

/** A layer that is sketched, so that runs can be compared with each other. */
record SketchTarget(Layer layer, ProbeSet probes) implements Measurand {

  @Override
  public String toString() {
    return "the sketch of " + layer.name();
  }
}
