package dev.latentgauge.cli;

import dev.latentgauge.reference.EmbeddingFile;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.relative.Profile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A reference from a file of its own, or made for the moment from a file of embeddings. */
final class ReferenceSource implements AutoCloseable {

  private final Reference reference;
  private final Optional<EmbeddingFile> embeddings;

  private ReferenceSource(Reference reference, Optional<EmbeddingFile> embeddings) {
    this.reference = reference;
    this.embeddings = embeddings;
  }

  /**
   * Opens a file.
   *
   * @param profile the profile that was asked for
   * @throws IllegalArgumentException if the reference has another profile, or is not usable
   */
  static ReferenceSource open(Path file, Optional<Profile> profile) throws IOException {
    if (Reference.isReference(file)) {
      Reference reference = Reference.load(file);
      if (profile.isPresent() && !profile.get().equals(reference.profile())) {
        reference.close();
        throw new IllegalArgumentException(
            "the profile of "
                + file
                + " is fixed to "
                + reference.profile()
                + ", since scores under another would mean something else, but --profile is "
                + profile.get());
      }
      return new ReferenceSource(reference, Optional.empty());
    }
    EmbeddingFile embeddings = EmbeddingFile.open(file);
    try {
      Reference reference =
          Reference.builder(ReferenceNames.of(file), embeddings)
              .profile(profile.orElseGet(Profile::defaultProfile))
              .build();
      return new ReferenceSource(reference, Optional.of(embeddings));
    } catch (RuntimeException | Error e) {
      embeddings.close();
      throw e;
    }
  }

  Reference reference() {
    return reference;
  }

  @Override
  public void close() throws IOException {
    reference.close();
    if (embeddings.isPresent()) {
      embeddings.get().close();
    }
  }
}
