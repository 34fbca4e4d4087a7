package dev.latentgauge.agent;

import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;

/** What is measured, all of it made of the embeddings that one layer has of one probe set. */
sealed interface Measurand permits Target, SketchTarget {

  /** The layer whose output is embedded. */
  Layer layer();

  /** The inputs that are embedded. */
  ProbeSet probes();
}
