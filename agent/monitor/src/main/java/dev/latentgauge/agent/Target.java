package dev.latentgauge.agent;

import dev.latentgauge.probe.Layer;
import dev.latentgauge.reference.Reference;

/** A layer that is compared with a reference. */
record Target(Layer layer, Reference reference) {

  @Override
  public String toString() {
    return layer.name() + " against " + reference.id();
  }
}
