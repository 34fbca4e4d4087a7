package dev.latentgauge.collector.web;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.scoring.Comparison;
import dev.latentgauge.collector.scoring.Comparisons;
import dev.latentgauge.collector.store.SketchGroup;
import dev.latentgauge.collector.store.StoredSketch;
import dev.latentgauge.relative.Outcome;
import dev.latentgauge.relative.PairwiseScores;
import dev.latentgauge.relative.ProfilePlane;
import dev.latentgauge.relative.Score;
import dev.latentgauge.relative.Undefined;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Comparisons of runs with each other; {@link HttpApi} says under which addresses. */
final class ComparisonEndpoints {

  static final Parameters PARAMETERS = Parameters.of("runs", "layer", "probes", "profile");

  /** More digits than a sketch is exact to. */
  private static final double DIGITS = 1e6;

  private final Comparisons comparisons;

  ComparisonEndpoints(Comparisons comparisons) {
    this.comparisons = comparisons;
  }

  CompletionStage<Answer> compare(Call call) {
    return comparisons
        .compare(call.comparison(2, PairwiseScores.MOST_RUNS))
        .thenApply(compared -> Answer.json(200, document(compared)).weaklyTagged());
  }

  CompletionStage<Answer> plane(Call call) {
    call.required("runs");
    return comparisons
        .plane(call.comparison(2, 2))
        .thenApply(compared -> Answer.json(200, plane(compared)).weaklyTagged());
  }

  private static JsonObject document(Comparison<PairwiseScores> compared) {
    JsonObject object = described(compared);
    Optional<PairwiseScores> result = compared.result();
    JsonArray runs = new JsonArray();
    for (int run = 0; run < compared.runs().size(); run++) {
      JsonObject entry = described(compared.runs().get(run));
      entry.add("consensus", consensus(result.orElseThrow().consensus(run)));
      runs.add(entry);
    }
    object.add("runs", runs);
    object.add("scores", matrix(result, (scores, a, b) -> of(scores.score(a, b), Score::value)));
    object.add(
        "standardErrors",
        matrix(result, (scores, a, b) -> of(scores.score(a, b), Score::standardError)));
    object.add("similarities", matrix(result, (scores, a, b) -> number(scores.similarity(a, b))));
    addRest(object, compared);
    return object;
  }

  private static JsonObject plane(Comparison<ProfilePlane> compared) {
    ProfilePlane plane = compared.result().orElseThrow(() -> incomparable(compared));
    JsonObject object = described(compared);
    JsonArray explained = new JsonArray();
    for (double share : plane.explained()) {
      explained.add(number(share));
    }
    object.add("explained", explained);
    object.addProperty("every", plane.every());
    JsonArray runs = new JsonArray();
    for (int run = 0; run < compared.runs().size(); run++) {
      JsonObject entry = described(compared.runs().get(run));
      JsonArray points = new JsonArray();
      for (double[] point : plane.points(run)) {
        JsonArray pair = new JsonArray();
        pair.add(number(point[0]));
        pair.add(number(point[1]));
        points.add(pair);
      }
      entry.add("points", points);
      runs.add(entry);
    }
    object.add("runs", runs);
    addRest(object, compared);
    return object;
  }

  private static Rejection incomparable(Comparison<?> compared) {
    return new Rejection(
        Rejection.Reason.INCOMPARABLE,
        Optional.of("runs"),
        "both runs must have a sketch of one layer by the same probes, but have not: "
            + compared.missing().stream()
                .map(missing -> missing.run() + ": " + missing.reason())
                .collect(Collectors.joining("; ")));
  }

  private static JsonObject described(Comparison<?> compared) {
    JsonObject object = new JsonObject();
    compared
        .key()
        .ifPresent(
            key -> {
              object.addProperty("layer", key.layer());
              object.addProperty("probes", key.probes());
            });
    object.addProperty("profile", compared.profile().toString());
    compared.runs().stream()
        .findFirst()
        .ifPresent(
            sketch -> {
              object.addProperty("probeCount", sketch.probes());
              object.addProperty("anchors", sketch.anchors());
            });
    return object;
  }

  private static JsonObject described(StoredSketch sketch) {
    JsonObject object = new JsonObject();
    object.addProperty("run", sketch.run());
    object.addProperty("state", sketch.state().text());
    object.addProperty("attempt", sketch.attempt());
    object.addProperty("step", sketch.step());
    sketch.epoch().ifPresent(epoch -> object.addProperty("epoch", epoch));
    object.addProperty("time", sketch.time().toString());
    return object;
  }

  private static void addRest(JsonObject object, Comparison<?> compared) {
    JsonArray groups = new JsonArray();
    for (SketchGroup group : compared.groups()) {
      JsonObject entry = new JsonObject();
      entry.addProperty("layer", group.key().layer());
      entry.addProperty("probes", group.key().probes());
      entry.addProperty("runs", group.runs());
      groups.add(entry);
    }
    object.add("groups", groups);
    JsonArray missing = new JsonArray();
    for (Comparison.Missing run : compared.missing()) {
      JsonObject entry = new JsonObject();
      entry.addProperty("run", run.run());
      entry.addProperty("reason", run.reason());
      missing.add(entry);
    }
    object.add("missing", missing);
  }

  private static JsonObject consensus(Outcome outcome) {
    JsonObject object = new JsonObject();
    if (outcome instanceof Score score) {
      object.add("score", number(score.value()));
      object.add("standardError", number(score.standardError()));
    } else if (outcome instanceof Undefined undefined) {
      object.addProperty("undefined", undefined.reason());
    }
    return object;
  }

  private interface Cell {
    JsonElement of(PairwiseScores scores, int first, int second);
  }

  private static JsonArray matrix(Optional<PairwiseScores> result, Cell cell) {
    JsonArray rows = new JsonArray();
    result.ifPresent(
        scores -> {
          for (int a = 0; a < scores.runs(); a++) {
            JsonArray row = new JsonArray();
            for (int b = 0; b < scores.runs(); b++) {
              row.add(cell.of(scores, a, b));
            }
            rows.add(row);
          }
        });
    return rows;
  }

  private static JsonElement of(Outcome outcome, ToDoubleFunction<Score> part) {
    return outcome instanceof Score score ? number(part.applyAsDouble(score)) : JsonNull.INSTANCE;
  }

  /** Null where there is none. */
  private static JsonElement number(double number) {
    return Double.isFinite(number)
        ? new JsonPrimitive(Math.round(number * DIGITS) / DIGITS)
        : JsonNull.INSTANCE;
  }
}
