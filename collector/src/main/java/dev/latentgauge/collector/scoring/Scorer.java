package dev.latentgauge.collector.scoring;

import ai.djl.ndarray.NDManager;
import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.reference.StoredReference;
import dev.latentgauge.reference.EmbeddingFile;
import dev.latentgauge.reference.InvalidFileException;
import dev.latentgauge.reference.Reading;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.reference.RunGauge;
import dev.latentgauge.relative.RelativeRepresentation;
import dev.latentgauge.relative.Sketch;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Measures files of embeddings.
 *
 * <p>The reference is read anew each time, without its inputs: that takes no longer than the
 * measurement, and nothing has to be kept, bounded and forgotten. Thread-safe.
 */
final class Scorer {

  private static final String CIRCUMSTANCES = "report";

  /**
   * What was measured, and what the file says of its circumstances.
   *
   * @param circumstances a JSON object, if the file has one; not checked
   */
  record Result(Reading reading, Optional<String> circumstances) {}

  /**
   * Measures.
   *
   * @throws Rejection if the file is not one of embeddings, or not of the reference's probes
   * @throws IOException if the reference is damaged, or the disk fails
   */
  Result measure(StoredReference stored, Path upload) throws IOException {
    try (NDManager manager = NDManager.newBaseManager();
        Reference reference = load(stored);
        RunGauge gauge = reference.runGauge(manager)) {
      return measure(gauge, upload);
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

  private static Reference load(StoredReference stored) throws IOException {
    try {
      return requireSame(stored, Reference.loadWithoutProbes(stored.file()));
    } catch (NoSuchFileException e) {
      throw deleted(stored);
    } catch (InvalidFileException e) {
      throw new IllegalStateException("a reference that is kept here is damaged", e);
    }
  }

  /** Its file may be that of another one by now, which got its name. */
  private static Reference requireSame(StoredReference stored, Reference read) {
    if (!read.id().equals(stored.id())) {
      read.close();
      throw deleted(stored);
    }
    return read;
  }

  private static Rejection deleted(StoredReference stored) {
    return new Rejection(
        Rejection.Reason.UNKNOWN_REFERENCE,
        Optional.of("reference"),
        "the reference " + stored.id() + " was deleted meanwhile");
  }
}
