package dev.latentgauge.agent;

import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;

/** A layer that is compared with a reference, which knows its inputs. */
record Target(Layer layer, Reference reference) implements Measurand {

  @Override
  public ProbeSet probes() {
    return reference.probes().orElseThrow();
  }

  @Override
  public String toString() {
    return layer.name() + " against " + reference.id();
  }
}
