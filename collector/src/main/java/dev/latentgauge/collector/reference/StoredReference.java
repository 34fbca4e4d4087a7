package dev.latentgauge.collector.reference;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.latentgauge.reference.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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

  private static final String FILE_DIGEST = "sha256";
  private static final String UPLOAD_DIGEST = "uploadSha256";

  /** Keeps an unmodifiable copy of the digests. */
  public StoredReference {
    digests = Set.copyOf(digests);
  }

  static StoredReference of(Reference reference, String fileDigest, String upload, Path file) {
    JsonObject document = ReferenceDocument.of(reference);
    document.addProperty(FILE_DIGEST, fileDigest);
    document.addProperty(UPLOAD_DIGEST, upload);
    return read(document, file);
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

  /**
   * What programs are told of it, as a tree.
   *
   * @return a new object
   */
  public JsonObject tree() {
    return JsonParser.parseString(document).getAsJsonObject();
  }
}
