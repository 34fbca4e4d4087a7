package dev.latentgauge.cli;

import dev.latentgauge.collector.CollectorOptions;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/**
 * Where the data of a collector are, for commands beside {@code serve}, which has the same option.
 */
final class DataPlace {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${env:LATENTGAUGE_DATA:-" + CollectorOptions.DEFAULT_DATA + "}",
      description = "The folder of the collector's data, as serve has it.")
  private Path data = Path.of(CollectorOptions.DEFAULT_DATA);

  Path folder() {
    return data;
  }
}
