package dev.latentgauge.collector.reference;

import com.google.gson.JsonObject;
import dev.latentgauge.reference.Calibration;
import dev.latentgauge.reference.FixedPoint;
import dev.latentgauge.reference.Provenance;
import dev.latentgauge.reference.Reference;
import java.util.Optional;

/** What a reference contains, as programs read it. */
public final class ReferenceDocument {

  private ReferenceDocument() {}

  /**
   * Describes a reference.
   *
   * @param reference the reference
   * @return a new object; what is not known is left out
   */
  public static JsonObject of(Reference reference) {
    Provenance provenance = reference.provenance();
    JsonObject object = new JsonObject();
    object.addProperty("reference", reference.id());
    object.addProperty("name", reference.name());
    object.addProperty("model", provenance.model());
    addText(object, "modelHash", provenance.modelHash());
    addText(object, "layer", provenance.layer());
    object.addProperty("createdAt", provenance.createdAt().toString());
    object.addProperty("libraryVersion", provenance.libraryVersion());
    object.addProperty("profile", reference.profile().toString());
    object.addProperty("anchors", reference.anchorCount());
    object.addProperty("probes", reference.probeCount());
    object.addProperty("inputs", reference.probes().isPresent());
    addText(object, "probeSet", reference.probesFingerprint());
    reference.embeddings().ifPresent(rows -> object.addProperty("dimensions", rows.dimensions()));
    object.addProperty("predictions", reference.predictions().isPresent());
    reference.floor().ifPresent(point -> object.add("floor", tree(point)));
    reference.ceiling().ifPresent(point -> object.add("ceiling", tree(point)));
    reference.calibration().ifPresent(known -> object.add("calibration", tree(known)));
    return object;
  }

  private static JsonObject tree(Calibration calibration) {
    JsonObject object = new JsonObject();
    object.addProperty("points", calibration.points().size());
    object.addProperty("coverage", calibration.coverage());
    object.addProperty("fromStep", calibration.fromStep());
    object.addProperty("lowestScore", calibration.lowestScore());
    object.addProperty("highestScore", calibration.highestScore());
    object.addProperty("condition", Calibration.CONDITION);
    return object;
  }

  private static JsonObject tree(FixedPoint point) {
    JsonObject object = new JsonObject();
    object.addProperty("model", point.model());
    object.addProperty("score", point.score());
    object.addProperty("standardError", point.standardError());
    point.anchorError().ifPresent(error -> object.addProperty("anchorError", error));
    return object;
  }

  private static void addText(JsonObject object, String name, Optional<String> text) {
    text.ifPresent(value -> object.addProperty(name, value));
  }
}
