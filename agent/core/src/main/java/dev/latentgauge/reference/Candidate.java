package dev.latentgauge.reference;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Embeddings from a file that are scored; every error names the file. Not thread-safe. */
public final class Candidate implements AutoCloseable {

  private final Path path;
  private final EmbeddingFile file;
  private final NDManager manager;
  private Optional<Description> described = Optional.empty();

  private Candidate(Path path, EmbeddingFile file, NDManager manager) {
    this.path = path;
    this.file = file;
    this.manager = manager;
  }

  /**
   * Opens a file, of which the header alone is read until more is needed.
   *
   * @param path a file of embeddings
   * @return the candidate, to be closed
   * @throws InvalidFileException if it is not a file of embeddings, with the reason
   * @throws IOException if it cannot be read
   */
  public static Candidate open(Path path) throws IOException {
    EmbeddingFile file = EmbeddingFile.open(path);
    try {
      return new Candidate(path, file, NDManager.newBaseManager(Device.cpu()));
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  /**
   * What the model makes of anchors and probes. The first call computes it in main memory.
   *
   * @return the description, closed with this
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if an anchor is a probe, see {@link Description#of}
   */
  public Description description() throws IOException {
    if (described.isEmpty()) {
      described = Optional.of(Description.of(file, manager));
    }
    return described.get();
  }

  /**
   * Scores the embeddings.
   *
   * @param gauge of the reference to score against
   * @return the reading
   * @throws IllegalArgumentException if they are not of the reference's anchors and probes, saying
   *     what differs, and told by the header before a number is read; or if an anchor is a probe,
   *     see {@link Description#of}
   * @throws IOException if the file cannot be read
   */
  public Reading read(RunGauge gauge) throws IOException {
    try {
      gauge.requireSameProbes(file);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(path + " does not fit: " + e.getMessage(), e);
    }
    return gauge.read(description());
  }

  /** Releases the description, and closes the file. */
  @Override
  public void close() throws IOException {
    manager.close();
    file.close();
  }
}
