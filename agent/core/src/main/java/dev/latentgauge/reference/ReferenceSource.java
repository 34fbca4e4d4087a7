package dev.latentgauge.reference;

import dev.latentgauge.relative.Profile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A reference from a file of its own, or made for the moment from a file of embeddings. Not
 * thread-safe.
 */
public final class ReferenceSource implements AutoCloseable {

  private static final int LONGEST_NAME = 100;

  private final Reference reference;
  private final Optional<EmbeddingFile> embeddings;

  private ReferenceSource(Reference reference, Optional<EmbeddingFile> embeddings) {
    this.reference = reference;
    this.embeddings = embeddings;
  }

  /**
   * Opens a file.
   *
   * @param file a reference, or embeddings
   * @param profile the profile that was asked for; if none was, embeddings are compared under the
   *     default one
   * @return the reference, to be closed
   * @throws InvalidFileException if the file is neither, with the reason
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if the reference has another profile, or is not usable
   */
  public static ReferenceSource open(Path file, Optional<Profile> profile) throws IOException {
    if (Reference.isReference(file)) {
      Reference reference = Reference.load(file);
      if (profile.isPresent() && !profile.get().equals(reference.profile())) {
        reference.close();
        throw new IllegalArgumentException(
            "the profile of "
                + file
                + " is fixed to "
                + reference.profile()
                + ", since scores under another would mean something else, but "
                + profile.get()
                + " was asked for");
      }
      return new ReferenceSource(reference, Optional.empty());
    }
    EmbeddingFile embeddings = EmbeddingFile.open(file);
    try {
      Reference reference =
          Reference.builder(nameOf(file), embeddings)
              .profile(profile.orElseGet(Profile::defaultProfile))
              .build();
      return new ReferenceSource(reference, Optional.of(embeddings));
    } catch (RuntimeException | Error e) {
      embeddings.close();
      throw e;
    }
  }

  /**
   * What a reference is called that nobody gave a name.
   *
   * @param file what it is made of
   * @return the name of the file without its ending, and with what is not allowed in names replaced
   */
  public static String nameOf(Path file) {
    String name = String.valueOf(file.getFileName()).replaceFirst("\\.safetensors$", "");
    String allowed = name.replaceAll("[^A-Za-z0-9._-]", "-");
    String shortened = allowed.substring(0, Math.min(allowed.length(), LONGEST_NAME));
    return shortened.matches("\\.{0,2}") ? "reference" : shortened;
  }

  /**
   * What was opened.
   *
   * @return the reference, closed with this
   */
  public Reference reference() {
    return reference;
  }

  /** Closes the reference, and the file if it needs it. */
  @Override
  public void close() throws IOException {
    reference.close();
    if (embeddings.isPresent()) {
      embeddings.get().close();
    }
  }
}
