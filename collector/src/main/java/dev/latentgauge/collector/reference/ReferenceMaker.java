package dev.latentgauge.collector.reference;

import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.probe.Fingerprint;
import dev.latentgauge.reference.EmbeddingFile;
import dev.latentgauge.reference.InvalidFileException;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.reference.ReferenceBuilder;
import dev.latentgauge.relative.Profile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes references of what is uploaded, a reference or embeddings, and puts them into a library.
 *
 * <p>Thread-safe. Computes, and so needs the engine.
 */
public final class ReferenceMaker {

  private static final Logger LOG = LoggerFactory.getLogger(ReferenceMaker.class);

  private final ReferenceLibrary library;
  private final long mostCosines;
  private final Clock clock;

  /**
   * A maker of references.
   *
   * @param library where to put them
   * @param mostCosines the largest n·k, at least 1
   * @param clock says when they were made
   */
  public ReferenceMaker(ReferenceLibrary library, long mostCosines, InstantSource clock) {
    this.library = library;
    this.mostCosines = mostCosines;
    this.clock = clock.withZone(ZoneOffset.UTC);
  }

  /**
   * What is wished for a reference that is made of embeddings.
   *
   * @param name what it is to be called
   * @param profile how runs are to be compared with it, if not by default
   * @param model what the model is called, if the embeddings do not say it
   * @param layer the layer, if the embeddings do not say it
   */
  public record Wish(
      String name, Optional<Profile> profile, Optional<String> model, Optional<String> layer) {

    /** What will be said of the reference, by the names of {@link ReferenceDocument}. */
    private Map<String, String> said() {
      Map<String, String> said = new HashMap<>();
      profile.ifPresent(wished -> said.put("profile", wished.toString()));
      model.ifPresent(wished -> said.put("model", wished));
      layer.ifPresent(wished -> said.put("layer", wished));
      return said;
    }
  }

  /**
   * Keeps what was uploaded.
   *
   * @param wish what it is to be
   * @param upload a file of a reference or of embeddings, in a folder of its own on the file system
   *     of the library
   * @return what is kept
   * @throws Rejection if it is neither, cannot be a reference, is too large, is another one than is
   *     kept under the name, or cannot be written
   * @throws IOException if the upload cannot be read
   */
  public ReferenceLibrary.Kept put(Wish wish, Path upload) throws IOException {
    String digest = Fingerprint.ofFile(upload);
    Optional<StoredReference> known = library.requireSame(wish.name(), digest, wish.said());
    if (known.isPresent()) {
      return new ReferenceLibrary.Kept(known.get(), false);
    }
    try {
      return Reference.isReference(upload)
          ? keepReference(wish, upload, digest)
          : makeReference(wish, upload, digest);
    } catch (InvalidFileException e) {
      throw Rejection.ofBody(Rejection.Reason.MALFORMED, upload, e);
    } catch (IllegalArgumentException e) {
      throw Rejection.ofBody(Rejection.Reason.UNFIT, upload, e);
    } catch (IOException e) {
      LOG.warn("the reference {} cannot be kept: {}", wish.name(), e.toString());
      throw new Rejection(
          Rejection.Reason.SPACE,
          Optional.empty(),
          "the collector cannot write the reference to its disk; its log says why");
    }
  }

  private ReferenceLibrary.Kept keepReference(Wish wish, Path upload, String digest)
      throws IOException {
    if (!wish.said().isEmpty()) {
      throw new IllegalArgumentException(
          "profile, model and layer must not be given with a reference, which has its own");
    }
    requireSmall(Reference.cosinesIn(upload));
    StoredReference stored;
    try (Reference reference = Reference.load(upload)) {
      if (!reference.name().equals(wish.name())) {
        throw new IllegalArgumentException(
            "the reference in the body must be called "
                + wish.name()
                + ", as the address says, but is called "
                + reference.name());
      }
      stored = StoredReference.of(reference, digest, digest, library.file(wish.name()));
    }
    return library.keep(stored, upload, digest);
  }

  private ReferenceLibrary.Kept makeReference(Wish wish, Path upload, String digest)
      throws IOException {
    Path made = upload.resolveSibling("made");
    try (EmbeddingFile embeddings = EmbeddingFile.open(upload)) {
      requireSmall(embeddings.anchorCount() * embeddings.probes().count());
      ReferenceBuilder builder = Reference.builder(wish.name(), embeddings).clock(clock);
      wish.profile().ifPresent(builder::profile);
      wish.model()
          .or(() -> named(embeddings) ? Optional.empty() : Optional.of(wish.name()))
          .ifPresent(builder::modelName);
      wish.layer().ifPresent(builder::layerName);
      try (Reference reference = builder.build()) {
        reference.save(made);
      }
    }
    // What is said of it is what the file has: of many embeddings none are kept.
    try (Reference reference = Reference.load(made)) {
      return library.keep(
          StoredReference.of(
              reference, Fingerprint.ofFile(made), digest, library.file(wish.name())),
          made,
          digest);
    }
  }

  private static boolean named(EmbeddingFile embeddings) {
    return embeddings.metadata().containsKey("model");
  }

  private void requireSmall(long cosines) {
    if (cosines > mostCosines) {
      throw new Rejection(
          Rejection.Reason.TOO_LARGE,
          Optional.empty(),
          "a reference must have at most "
              + mostCosines
              + " cosines, its probes times its anchors, but has "
              + cosines);
    }
  }
}
