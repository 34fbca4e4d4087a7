package dev.latentgauge.collector.scoring;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.reference.StoredReference;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.Wire;
import dev.latentgauge.observation.WireException;
import dev.latentgauge.reference.Reading;
import dev.latentgauge.relative.Outcome;
import dev.latentgauge.relative.Score;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a program says of embeddings that it wants to be scored.
 *
 * @param run the name of the run
 * @param attempt the process that trains it, from 1
 * @param layer the name of the layer
 * @param step optimiser updates applied to the weights that were measured, at least 0
 * @param epoch passes over the data, if it is known
 * @param time when they were embedded, if it is known
 */
public record EmbeddingReport(
    String run,
    int attempt,
    String layer,
    long step,
    OptionalDouble epoch,
    Optional<Instant> time) {

  private static final String UNDEFINED = "undefined";

  /**
   * What else the file itself may say, under the names that an observation has for it. Why there is
   * no score it may say where there is none: a program whose measurement failed sends numbers that
   * are none, and knows more than "not finite".
   */
  private static final List<String> FROM_THE_FILE =
      List.of(
          "probeSeconds",
          "overheadRatio",
          "overheadBudgetRatio",
          "evaluations",
          "training",
          "agent",
          UNDEFINED);

  /** By what the observation will be one of its kind within its run. */
  Observation.Key key(String reference) {
    return new Observation.Key(attempt, layer, reference, step);
  }

  /**
   * Makes the observation.
   *
   * @param reference what the embeddings were compared with
   * @param digest the SHA-256 of the file
   * @param now the time, in case the report has none
   * @throws Rejection if the circumstances in the file are not what they should be
   */
  Observation observation(
      StoredReference reference, Scorer.Result result, String digest, Instant now) {
    JsonObject tree = result.circumstances().map(EmbeddingReport::parse).orElseGet(JsonObject::new);
    tree.keySet().retainAll(FROM_THE_FILE);
    tree.addProperty("attempt", attempt);
    tree.addProperty("step", step);
    epoch.ifPresent(number -> tree.addProperty("epoch", number));
    tree.addProperty("time", time.orElse(now).toString());
    tree.addProperty("layer", layer);
    tree.addProperty("reference", reference.id());
    tree.addProperty("profile", reference.profile());
    add(result.reading(), tree);
    tree.addProperty("embeddings", digest);
    try {
      return Wire.readObservation(tree.toString());
    } catch (WireException e) {
      throw new Rejection(
          Rejection.Reason.MALFORMED, Optional.of(e.field()), String.valueOf(e.getMessage()));
    }
  }

  private void add(Reading reading, JsonObject tree) {
    Outcome outcome = reading.measurement().outcome();
    if (outcome instanceof Score) {
      tree.remove(UNDEFINED);
    }
    if (!tree.has(UNDEFINED)) {
      Wire.tree(outcome).asMap().forEach(tree::add);
    }
    reading.scoreFloor().ifPresent(score -> tree.addProperty("scoreFloor", score));
    reading.scoreCeiling().ifPresent(score -> tree.addProperty("scoreCeiling", score));
    reading.gaugedScore().ifPresent(score -> tree.addProperty("gaugedScore", score));
    reading
        .predictedAccuracyAt(step)
        .ifPresent(predicted -> tree.add("predictedAccuracy", Wire.tree(predicted)));
    tree.add("companions", Wire.tree(reading.companions()));
  }

  private static JsonObject parse(String circumstances) {
    try {
      JsonElement element = JsonParser.parseString(circumstances);
      if (element.isJsonObject()) {
        return element.getAsJsonObject();
      }
    } catch (JsonParseException e) {
      // It is refused below.
    }
    throw new Rejection(
        Rejection.Reason.MALFORMED,
        Optional.of("report"),
        "report in the metadata of the body must be a JSON object, but is not");
  }
}
