package dev.latentgauge.collector.scoring;

import ai.djl.ndarray.NDManager;
import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.reference.ReferenceLibrary;
import dev.latentgauge.collector.reference.StoredReference;
import dev.latentgauge.reference.EmbeddingFile;
import dev.latentgauge.reference.InvalidFileException;
import dev.latentgauge.reference.Reading;
import dev.latentgauge.reference.RunGauge;
import dev.latentgauge.relative.RelativeRepresentation;
import dev.latentgauge.relative.Sketch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Measures files of embeddings.
 *
 * <p>A reference is read without its inputs, and what was prepared to measure against it is kept
 * for the next file, see {@link PreparedGauges}: many files are measured against few references,
 * and preparing takes longer than measuring. Thread-safe.
 */
final class Scorer implements AutoCloseable {

  private static final String CIRCUMSTANCES = "report";

  private final PreparedGauges gauges;

  /** Keeps as many gauges as so many threads need. */
  Scorer(ReferenceLibrary library, int threads) {
    this.gauges = new PreparedGauges(library, PreparedGauges.most(threads));
  }

  /**
   * What was measured, and what the file says of its circumstances.
   *
   * @param circumstances a JSON object, if the file has one; not checked
   */
  record Result(Reading reading, Optional<String> circumstances) {}

  /**
   * Measures.
   *
   * @throws Rejection if the file is not one of embeddings, or not of the reference's probes, or if
   *     the reference was deleted
   * @throws IOException if the disk fails
   */
  Result measure(StoredReference stored, Path upload) throws IOException {
    try (PreparedGauges.Taken taken = gauges.take(stored)) {
      return measure(taken.gauge(), upload);
    }
  }

  /**
   * Sketches what a file has the embeddings of.
   *
   * @return the sketch
   * @throws Rejection if the file is not one of embeddings, or of too many
   * @throws IOException if the disk fails
   */
  Sketch sketch(Path upload) throws IOException {
    try (NDManager manager = NDManager.newBaseManager();
        EmbeddingFile embeddings = EmbeddingFile.open(upload)) {
      Sketch.requireSize(embeddings.probes().count(), embeddings.anchorCount());
      return Sketch.of(RelativeRepresentation.of(embeddings.anchors(manager), embeddings.probes()));
    } catch (InvalidFileException e) {
      throw Rejection.ofBody(Rejection.Reason.MALFORMED, upload, e);
    } catch (IllegalArgumentException e) {
      throw Rejection.ofBody(Rejection.Reason.UNFIT, upload, e);
    }
  }

  private static Result measure(RunGauge gauge, Path upload) throws IOException {
    try (EmbeddingFile embeddings = EmbeddingFile.open(upload)) {
      return new Result(
          gauge.read(embeddings), Optional.ofNullable(embeddings.metadata().get(CIRCUMSTANCES)));
    } catch (InvalidFileException e) {
      throw Rejection.ofBody(Rejection.Reason.MALFORMED, upload, e);
    } catch (IllegalArgumentException e) {
      throw Rejection.ofBody(Rejection.Reason.UNFIT, upload, e);
    }
  }

  /** Lets go of what is kept, and of the rest when it is not used any more. */
  @Override
  public void close() {
    gauges.close();
  }
}
