package dev.latentgauge.collector.reference;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.latentgauge.reference.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A reference that the collector keeps. Immutable.
 *
 * @param name what it is called
 * @param id the name, {@code @}, and the fingerprint by which scores against it are told apart
 * @param profile how runs are compared with it, as {@link dev.latentgauge.relative.Profile} writes
 *     it
 * @param digests the SHA-256 of its file, and that of what it was made from
 * @param document what programs are told of it, in JSON
 * @param file where it is
 */
public record StoredReference(
    String name, String id, String profile, Set<String> digests, String document, Path file) {

  /** The most characters of {@link #document}, which is kept in memory and listed by the page. */
  private static final int LONGEST_DOCUMENT = 1 << 14;

  private static final String FILE_DIGEST = "sha256";
  private static final String UPLOAD_DIGEST = "uploadSha256";

  /** Keeps an unmodifiable copy of the digests. */
  public StoredReference {
    digests = Set.copyOf(digests);
  }

  /**
   * Describes a reference.
   *
   * @throws IllegalArgumentException if its texts are too long
   */
  static StoredReference of(Reference reference, String fileDigest, String upload, Path file) {
    JsonObject document = ReferenceDocument.of(reference);
    document.addProperty(FILE_DIGEST, fileDigest);
    document.addProperty(UPLOAD_DIGEST, upload);
    StoredReference stored = read(document, file);
    int length = stored.document().length();
    if (length > LONGEST_DOCUMENT) {
      throw new IllegalArgumentException(
          "what is said of a reference, such as its model, must have at most "
              + LONGEST_DOCUMENT
              + " characters in all, but has "
              + length);
    }
    return stored;
  }

  /**
   * Reads what {@link #document} wrote.
   *
   * @throws IOException if it is something else
   */
  static StoredReference parse(String document, Path file) throws IOException {
    try {
      return read(JsonParser.parseString(document).getAsJsonObject(), file);
    } catch (JsonParseException | IllegalStateException | NullPointerException e) {
      throw new IOException("it does not describe a reference", e);
    }
  }

  private static StoredReference read(JsonObject document, Path file) {
    return new StoredReference(
        document.get("name").getAsString(),
        document.get("reference").getAsString(),
        document.get("profile").getAsString(),
        Set.copyOf(
            List.of(
                document.get(FILE_DIGEST).getAsString(),
                document.get(UPLOAD_DIGEST).getAsString())),
        document.toString(),
        file);
  }

  /** Whether a text that is said of it is this one. */
  boolean says(String field, String text) {
    JsonElement said = tree().get(field);
    return said != null && said.getAsString().equals(text);
  }

  /**
   * The SHA-256 of its file.
   *
   * @return 64 hexadecimal digits
   */
  public String sha256() {
    return tree().get(FILE_DIGEST).getAsString();
  }

  /**
   * What tells its anchors and probes from others, if it is known.
   *
   * @return a text, by which sketches of the same inputs find each other
   */
  public Optional<String> probeSet() {
    return Optional.ofNullable(tree().get("probeSet")).map(JsonElement::getAsString);
  }

  /**
   * What programs are told of it, as a tree.
   *
   * @return a new object
   */
  public JsonObject tree() {
    return JsonParser.parseString(document).getAsJsonObject();
  }
}
