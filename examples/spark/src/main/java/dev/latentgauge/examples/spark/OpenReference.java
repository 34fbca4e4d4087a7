package dev.latentgauge.examples.spark;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import dev.latentgauge.reference.Candidate;
import dev.latentgauge.reference.InvalidFileException;
import dev.latentgauge.reference.Reading;
import dev.latentgauge.reference.ReferenceSource;
import dev.latentgauge.reference.RunGauge;
import java.io.IOException;
import java.util.OptionalDouble;
import org.apache.spark.sql.Row;

/** A reference that files are scored against. Not thread-safe. */
final class OpenReference implements AutoCloseable {

  private final String file;
  private final ReferenceSource source;
  private final boolean anchorErrors;
  private final NDManager manager;
  private final RunGauge gauge;

  private OpenReference(String file, ReferenceSource source, boolean anchorErrors) {
    this.file = file;
    this.source = source;
    this.anchorErrors = anchorErrors;
    this.manager = NDManager.newBaseManager();
    this.gauge = source.reference().runGauge(manager);
  }

  /**
   * Opens a reference; the engine must be loaded.
   *
   * @param wanted how it is scored against
   * @throws IOException if the file cannot be written to this machine
   * @throws IllegalArgumentException if it is neither a reference nor one of embeddings, or has
   *     another profile, or is not usable
   */
  static OpenReference of(ReferenceContent content, References wanted) throws IOException {
    try (LocalFile copy = LocalFile.of(content)) { // what is open is still there when deleted
      try {
        ReferenceSource source = ReferenceSource.open(copy.path(), wanted.profile());
        return new OpenReference(content.file(), source, wanted.anchorErrors());
      } catch (InvalidFileException | IllegalArgumentException e) {
        throw new IllegalArgumentException(copy.reason(e), e);
      }
    }
  }

  /**
   * Scores a file.
   *
   * @return its row, which says why if it does not fit, or is more than the engine can compute
   * @throws IOException if it cannot be read
   * @throws java.io.UncheckedIOException if it cannot be read to its end
   */
  Row score(String name, LocalFile local, Candidate candidate) throws IOException {
    try {
      Reading reading = candidate.read(gauge);
      OptionalDouble anchorError =
          anchorErrors ? gauge.anchorError(candidate.description()) : OptionalDouble.empty();
      return FleetColumns.scored(name, file, source.reference(), reading, anchorError);
    } catch (IllegalArgumentException | EngineException e) {
      return failed(name, local.reason(e));
    }
  }

  /** The row of a file that cannot be scored. */
  Row failed(String name, String reason) {
    return FleetColumns.failed(name, file, source.reference(), reason);
  }

  @Override
  public void close() throws IOException {
    manager.close();
    source.close();
  }
}
