package dev.latentgauge.collector.web;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.latentgauge.collector.reference.StoredReference;
import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.scoring.Scoring;
import dev.latentgauge.collector.store.Appended;
import dev.latentgauge.collector.store.Page;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.Wire;
import java.util.function.Function;

/** The JSON of what is answered. */
final class Documents {

  private Documents() {}

  /** A run: what was said of it, how it fares, and the newest observation of each series. */
  static JsonObject run(Run run) {
    JsonObject object = new JsonObject();
    object.addProperty("name", run.name());
    object.addProperty("state", run.state().text());
    Wire.tree(run.info()).entrySet().forEach(field -> object.add(field.getKey(), field.getValue()));
    object.addProperty("registeredAt", run.registeredAt().toString());
    object.addProperty("lastHeardAt", run.heardAt().toString());
    run.ending()
        .ifPresent(
            ending -> {
              object.addProperty("endedAt", ending.at().toString());
              object.addProperty("reason", ending.reason());
            });
    object.add("directive", Wire.tree(run.directive()));
    object.addProperty("observations", run.observations());
    JsonArray latest = new JsonArray();
    run.series().values().forEach(series -> latest.add(Wire.tree(series.latest())));
    object.add("latest", latest);
    return object;
  }

  static JsonObject runs(Page<Run> page) {
    return page("runs", page, Documents::run, run -> Cursor.after(run.name()));
  }

  static JsonObject observations(Page<Observation> page) {
    return page("observations", page, Wire::tree, observation -> Cursor.after(observation.key()));
  }

  static JsonObject references(Page<StoredReference> page) {
    return page(
        "references", page, StoredReference::tree, reference -> Cursor.after(reference.name()));
  }

  private static <T> JsonObject page(
      String name, Page<T> page, Function<T, JsonObject> document, Function<T, String> cursor) {
    JsonArray items = new JsonArray();
    page.items().stream().map(document).forEach(items::add);
    JsonElement next =
        page.more()
            ? new JsonPrimitive(cursor.apply(page.items().get(page.items().size() - 1)))
            : JsonNull.INSTANCE;
    JsonObject object = new JsonObject();
    object.add(name, items);
    object.add("next", next);
    return object;
  }

  /** What embeddings were scored, and what the training should do now. */
  static JsonObject scored(Scoring.Scored scored) {
    JsonObject object = receipt(scored.appended());
    object.add("observation", Wire.tree(scored.observation()));
    return object;
  }

  /** What became of a report, and what the training should do now. */
  static JsonObject receipt(Appended appended) {
    JsonObject object = new JsonObject();
    object.addProperty("accepted", appended.accepted());
    object.addProperty("duplicates", appended.duplicates());
    object.add("directive", Wire.tree(appended.directive()));
    return object;
  }
}
