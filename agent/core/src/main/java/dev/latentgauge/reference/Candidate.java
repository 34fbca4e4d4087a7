package dev.latentgauge.reference;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;

/** Embeddings from a file that are scored; every error names the file. Not thread-safe. */
public final class Candidate implements AutoCloseable {

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

  /**
   * Opens a file, and describes what it has the embeddings of in main memory.
   *
   * @param path a file of embeddings
   * @return the candidate, to be closed
   * @throws InvalidFileException if it is not a file of embeddings, with the reason
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if an anchor is a probe, see {@link Description#of}
   */
  public static Candidate open(Path path) throws IOException {
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

  /**
   * What the model makes of anchors and probes.
   *
   * @return the description, closed with this
   */
  public Description description() {
    return description;
  }

  /**
   * Scores the embeddings.
   *
   * @param gauge of the reference to score against
   * @return the reading
   * @throws IllegalArgumentException if they are not of the reference's anchors and probes, saying
   *     what differs
   */
  public Reading read(RunGauge gauge) {
    try {
      return gauge.read(description);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(path + " does not fit: " + e.getMessage(), e);
    }
  }

  /** Releases the description, and closes the file. */
  @Override
  public void close() throws IOException {
    manager.close();
    file.close();
  }
}
