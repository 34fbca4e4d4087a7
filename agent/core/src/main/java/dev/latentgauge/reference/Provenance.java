package dev.latentgauge.reference;

import java.time.Instant;
import java.util.Optional;

/**
 * Where a reference comes from.
 *
 * @param model what the model is called, for people
 * @param modelHash 64 hexadecimal digits, the SHA-256 of its parameters; absent if only embeddings
 *     were at hand
 * @param layer the layer that was described, if it is known
 * @param createdAt when it was described
 * @param libraryVersion the version of Latentgauge that did it
 */
public record Provenance(
    String model,
    Optional<String> modelHash,
    Optional<String> layer,
    Instant createdAt,
    String libraryVersion) {

  static String currentVersion() {
    return Optional.ofNullable(Provenance.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
