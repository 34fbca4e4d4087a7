package dev.latentgauge.cli;

import dev.latentgauge.collector.CollectorOptions;

/** Where commands look for the data of a collector that was set up by the environment. */
final class DataPlace {

  /** The variable that {@code serve} has too, or the folder that it has otherwise. */
  static final String DEFAULT = "${env:LATENTGAUGE_DATA:-" + CollectorOptions.DEFAULT_DATA + "}";

  private DataPlace() {}
}
