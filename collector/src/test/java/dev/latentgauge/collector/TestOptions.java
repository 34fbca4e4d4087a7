package dev.latentgauge.collector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Options for tests. */
final class TestOptions {

  private TestOptions() {}

  /** A free port, and a folder of its own. */
  static CollectorOptions.Builder builder() {
    try {
      Path parent = Files.createDirectories(Path.of("target", "collectors"));
      return CollectorOptions.builder().port(0).data(Files.createTempDirectory(parent, "data-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
