package dev.latentgauge.reference;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Parameter;
import dev.latentgauge.probe.Fingerprint;
import dev.latentgauge.probe.Layer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where a reference comes from.
 *
 * @param model the name of the model
 * @param modelHash 64 hexadecimal digits, the SHA-256 of its parameters
 * @param layer the layer that was described
 * @param createdAt when it was described
 * @param libraryVersion the version of Latentgauge that did it
 */
public record Provenance(
    String model, String modelHash, String layer, Instant createdAt, String libraryVersion) {

  static Provenance of(Model model, Layer layer, Instant createdAt) {
    NDList parameters = new NDList();
    for (Parameter parameter : model.getBlock().getParameters().values()) {
      parameters.add(parameter.getArray());
    }
    return new Provenance(
        model.getName(),
        Fingerprint.of(List.of(parameters)),
        layer.name(),
        createdAt,
        Optional.ofNullable(Provenance.class.getPackage().getImplementationVersion())
            .orElse("development"));
  }
}
