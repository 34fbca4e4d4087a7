package dev.latentgauge.collector.web;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.latentgauge.collector.reference.StoredReference;
import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.scoring.Scoring;
import dev.latentgauge.collector.store.Appended;
import dev.latentgauge.collector.store.Attempt;
import dev.latentgauge.collector.store.KeptSketch;
import dev.latentgauge.collector.store.Page;
import dev.latentgauge.collector.store.RunTrends;
import dev.latentgauge.collector.store.SketchKey;
import dev.latentgauge.collector.store.Trend;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.Wire;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The JSON of what is answered. */
final class Documents {

  /** After so many bytes a page has no further item. */
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

  static Buffer runs(Page<Run> page) {
    return page("runs", page, Documents::run, run -> Cursor.after(run.name()));
  }

  static Buffer observations(Page<Observation> page) {
    return page("observations", page, Wire::tree, observation -> Cursor.after(observation.key()));
  }

  /** All that are wanted, however large. */
  static Buffer observations(List<Observation> observations) {
    Buffer buffer = start("observations");
    String separator = "";
    for (Observation observation : observations) {
      buffer.appendString(separator).appendString(Wire.write(observation));
      separator = ",";
    }
    return buffer.appendString(end("null"));
  }

  static JsonObject attempts(List<Attempt> attempts) {
    JsonArray array = new JsonArray();
    attempts.forEach(attempt -> array.add(attempt(attempt)));
    JsonObject object = new JsonObject();
    object.add("attempts", array);
    return object;
  }

  private static JsonObject attempt(Attempt attempt) {
    JsonObject object = new JsonObject();
    object.addProperty("attempt", attempt.number());
    object.addProperty("observations", attempt.observations());
    object.addProperty("firstStep", attempt.firstStep());
    object.addProperty("lastStep", attempt.lastStep());
    return object;
  }

  static Buffer trends(Page<RunTrends> page) {
    return page("trends", page, Documents::trends, trends -> Cursor.after(trends.run()));
  }

  private static JsonObject trends(RunTrends trends) {
    JsonObject object = new JsonObject();
    object.addProperty("run", trends.run());
    JsonArray series = new JsonArray();
    trends.trends().forEach(trend -> series.add(trend(trend)));
    object.add("series", series);
    return object;
  }

  private static JsonObject trend(Trend trend) {
    JsonObject object = new JsonObject();
    object.addProperty("layer", trend.series().layer());
    object.addProperty("reference", trend.series().reference());
    object.addProperty("attempt", trend.attempt());
    JsonArray steps = new JsonArray();
    JsonArray scores = new JsonArray();
    trend
        .scores()
        .forEach(
            (step, score) -> {
              steps.add(step);
              scores.add(
                  score.isPresent() ? new JsonPrimitive(score.getAsDouble()) : JsonNull.INSTANCE);
            });
    object.add("steps", steps);
    object.add("scores", scores);
    return object;
  }

  static Buffer references(Page<StoredReference> page) {
    return page(
        "references", page, StoredReference::tree, reference -> Cursor.after(reference.name()));
  }

  /** Ends early where it becomes large: a thousand runs may have a hundred series each. */
  private static <T> Buffer page(
      String name, Page<T> page, Function<T, JsonObject> document, Function<T, String> cursor) {
    Buffer buffer = start(name);
    Optional<T> last = Optional.empty();
    boolean isCut = false;
    for (T item : page.items()) {
      if (buffer.length() >= LARGE) {
        isCut = true;
        break;
      }
      buffer
          .appendString(last.isPresent() ? "," : "")
          .appendString(document.apply(item).toString());
      last = Optional.of(item);
    }
    String next =
        (page.more() || isCut ? last : Optional.<T>empty())
            .map(item -> "\"" + cursor.apply(item) + "\"")
            .orElse("null");
    return buffer.appendString(end(next));
  }

  /** Begins what is written item by item, so that no two texts of it are ever held. */
  private static Buffer start(String name) {
    return Buffer.buffer("{\"" + name + "\":[");
  }

  private static String end(String next) {
    return "],\"next\":" + next + "}\n";
  }

  /** What embeddings were scored, and what the training should do now. */
  static JsonObject scored(Scoring.Scored scored) {
    JsonObject object = receipt(scored.appended());
    object.add("observation", Wire.tree(scored.observation()));
    scored.sketched().ifPresent(sketched -> object.add("sketch", sketch(sketched)));
    return object;
  }

  /** What became of the sketch of embeddings that were not scored. */
  static JsonObject unscored(Scoring.Sketched sketched) {
    Directive directive = sketched.kept().map(KeptSketch::directive).orElse(Directive.CONTINUE);
    JsonObject object = receipt(new Appended(0, 0, directive));
    object.addProperty("unscored", "no reference was named");
    object.add("sketch", sketch(sketched));
    return object;
  }

  private static JsonObject sketch(Scoring.Sketched sketched) {
    JsonObject object = new JsonObject();
    add(object, sketched.key(), sketched.kept());
    sketched.refusal().ifPresent(refusal -> object.addProperty("refusal", refusal));
    return object;
  }

  /** What became of a sketch, which one is there now, and what the training should do. */
  static JsonObject kept(String run, SketchKey key, KeptSketch kept) {
    JsonObject object = new JsonObject();
    object.addProperty("run", run);
    add(object, key, Optional.of(kept));
    object.add("directive", Wire.tree(kept.directive()));
    return object;
  }

  private static void add(JsonObject object, SketchKey key, Optional<KeptSketch> kept) {
    object.addProperty("layer", key.layer());
    object.addProperty("probes", key.probes());
    object.addProperty("kept", kept.filter(KeptSketch::kept).isPresent());
    kept.ifPresent(
        now -> {
          object.addProperty("attempt", now.attempt());
          object.addProperty("step", now.step());
        });
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
