package dev.latentgauge.cli;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.latentgauge.reference.Description;
import dev.latentgauge.reference.EmbeddingFile;
import dev.latentgauge.reference.Reading;
import dev.latentgauge.reference.RunGauge;
import java.io.IOException;
import java.nio.file.Path;

/** Embeddings from a file that are scored; every error names the file. */
final class Candidate implements AutoCloseable {

  private final Path path;
  private final EmbeddingFile file;
  private final NDManager manager;
  private final Description description;

  private Candidate(Path path, EmbeddingFile file, NDManager manager, Description description) {
    this.path = path;
    this.file = file;
    this.manager = manager;
    this.description = description;
  }

  static Candidate open(Path path) throws IOException {
    EmbeddingFile file = EmbeddingFile.open(path);
    NDManager manager = NDManager.newBaseManager(Device.cpu());
    try {
      return new Candidate(path, file, manager, Description.of(file, manager));
    } catch (IOException | RuntimeException | Error e) {
      manager.close();
      file.close();
      throw e;
    }
  }

  Description description() {
    return description;
  }

  Reading read(RunGauge gauge) {
    try {
      return gauge.read(description);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(path + " does not fit: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    manager.close();
    file.close();
  }
}
