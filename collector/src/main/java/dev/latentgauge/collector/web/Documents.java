package dev.latentgauge.collector.web;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.latentgauge.collector.reference.StoredReference;
import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.scoring.Scoring;
import dev.latentgauge.collector.store.Appended;
import dev.latentgauge.collector.store.Page;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.Wire;
import java.util.Optional;
import java.util.function.Function;

/** The JSON of what is answered. */
final class Documents {

  /** After so many characters a page has no further item. */
  private static final int LARGE = 1 << 23;

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

  static String runs(Page<Run> page) {
    return page("runs", page, Documents::run, run -> Cursor.after(run.name()));
  }

  static String observations(Page<Observation> page) {
    return page("observations", page, Wire::tree, observation -> Cursor.after(observation.key()));
  }

  static String references(Page<StoredReference> page) {
    return page(
        "references", page, StoredReference::tree, reference -> Cursor.after(reference.name()));
  }

  /** Ends early where it becomes large: a thousand runs may have a hundred series each. */
  private static <T> String page(
      String name, Page<T> page, Function<T, JsonObject> document, Function<T, String> cursor) {
    StringBuilder items = new StringBuilder();
    Optional<T> last = Optional.empty();
    boolean isCut = false;
    for (T item : page.items()) {
      if (items.length() >= LARGE) {
        isCut = true;
        break;
      }
      items.append(last.isPresent() ? "," : "").append(document.apply(item));
      last = Optional.of(item);
    }
    String next =
        (page.more() || isCut ? last : Optional.<T>empty())
            .map(item -> "\"" + cursor.apply(item) + "\"")
            .orElse("null");
    return "{\"" + name + "\":[" + items + "],\"next\":" + next + "}";
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
