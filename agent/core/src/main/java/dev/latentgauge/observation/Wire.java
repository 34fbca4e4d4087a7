package dev.latentgauge.observation;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import dev.latentgauge.observation.Observation.AgentState;
import dev.latentgauge.observation.Observation.PredictedAccuracy;
import dev.latentgauge.observation.Observation.TrainingState;
import dev.latentgauge.relative.Companions;
import dev.latentgauge.relative.Outcome;
import dev.latentgauge.relative.Score;
import dev.latentgauge.relative.Undefined;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The JSON of what is reported.
 *
 * <p>Reading is strict about types and ranges and indifferent to fields it does not know, so that
 * an older collector takes a newer agent's reports. What is absent is left out when written, and
 * may be missing or null when read.
 */
public final class Wire {

  private static final String STOP = "stop";
  private static final String CONTINUE = "continue";

  private Wire() {}

  /**
   * Writes an observation.
   *
   * @param observation the observation
   * @return one line of JSON
   */
  public static String write(Observation observation) {
    return JsonText.of(json -> write(json, observation));
  }

  /**
   * Writes observations as the body of a report.
   *
   * @param observations the observations
   * @return one line of JSON, an object whose field {@code observations} is an array
   */
  public static String write(List<Observation> observations) {
    return JsonText.of(
        json -> {
          json.beginObject().name("observations").beginArray();
          for (Observation observation : observations) {
            write(json, observation);
          }
          json.endArray().endObject();
        });
  }

  /**
   * Writes what is known of a run, except its name, which is part of the address.
   *
   * @param run the run
   * @return one line of JSON
   */
  public static String write(RunInfo run) {
    return tree(run).toString();
  }

  /**
   * Writes how a run ended.
   *
   * @param end the end
   * @return one line of JSON
   */
  public static String write(RunEnd end) {
    return tree(end).toString();
  }

  /**
   * An observation as a tree, for a larger document.
   *
   * @param observation the observation
   * @return a new object
   */
  public static JsonObject tree(Observation observation) {
    return JsonText.tree(json -> write(json, observation));
  }

  private static void write(JsonWriter json, Observation observation) throws IOException {
    Observation.Key key = observation.key();
    json.beginObject();
    json.name("attempt").value(key.attempt());
    json.name("step").value(key.step());
    json.name("epoch").value(observation.epoch());
    json.name("time").value(observation.time().toString());
    json.name("layer").value(key.layer());
    json.name("reference").value(key.reference());
    json.name("profile").value(observation.profile());
    writeFields(json, observation.outcome());
    write(json, "scoreFloor", observation.scoreFloor());
    write(json, "scoreCeiling", observation.scoreCeiling());
    write(json, "gaugedScore", observation.gaugedScore());
    write(json, "probeSeconds", observation.probeSeconds());
    write(json, "overheadRatio", observation.overheadRatio());
    write(json, "overheadBudgetRatio", observation.overheadBudgetRatio());
    if (!observation.companions().equals(Companions.NONE)) {
      json.name("companions");
      write(json, observation.companions());
    }
    if (observation.predictedAccuracy().isPresent()) {
      json.name("predictedAccuracy");
      write(json, observation.predictedAccuracy().get());
    }
    if (!observation.evaluations().isEmpty()) {
      json.name("evaluations").beginObject();
      for (Map.Entry<String, Double> evaluation : observation.evaluations().entrySet()) {
        json.name(evaluation.getKey()).value(evaluation.getValue());
      }
      json.endObject();
    }
    if (!observation.training().equals(TrainingState.UNKNOWN)) {
      json.name("training").beginObject();
      write(json, "stepsPerSecond", observation.training().stepsPerSecond());
      write(json, "deviceMemoryBytes", observation.training().deviceMemoryBytes());
      json.endObject();
    }
    json.name("agent").beginObject();
    json.name("failures").value(observation.agent().failures());
    json.name("spooled").value(observation.agent().spooled());
    json.name("dropped").value(observation.agent().dropped());
    json.endObject();
    if (observation.embeddings().isPresent()) {
      json.name("embeddings").value(observation.embeddings().get());
    }
    json.endObject();
  }

  private static void write(JsonWriter json, String name, OptionalDouble number)
      throws IOException {
    if (number.isPresent()) {
      json.name(name).value(number.getAsDouble());
    }
  }

  /**
   * What a measurement came to as a tree, for a larger document.
   *
   * @param outcome the score, or why there is none
   * @return a new object
   */
  public static JsonObject tree(Outcome outcome) {
    return JsonText.tree(
        json -> {
          json.beginObject();
          writeFields(json, outcome);
          json.endObject();
        });
  }

  private static void writeFields(JsonWriter json, Outcome outcome) throws IOException {
    if (outcome instanceof Score score) {
      json.name("similarity").value(score.similarity());
      json.name("chance").value(score.chance());
      json.name("score").value(score.value());
      json.name("standardError").value(score.standardError());
      json.name("probes").value(score.probes());
      json.name("anchors").value(score.anchors());
    } else if (outcome instanceof Undefined undefined) {
      json.name("undefined").value(undefined.reason());
    }
  }

  /**
   * Companions as a tree, for a larger document.
   *
   * @param companions the companions
   * @return a new object, without those that are absent
   */
  public static JsonObject tree(Companions companions) {
    return JsonText.tree(json -> write(json, companions));
  }

  private static void write(JsonWriter json, Companions companions) throws IOException {
    json.beginObject();
    write(json, "linear_cka", companions.linearCka());
    write(json, "effective_rank", companions.effectiveRank());
    write(json, "neighbour_overlap", companions.neighbourOverlap());
    write(json, "prediction_agreement", companions.predictionAgreement());
    json.endObject();
  }

  /**
   * A predicted accuracy as a tree, for a larger document.
   *
   * @param prediction the prediction
   * @return a new object
   */
  public static JsonObject tree(PredictedAccuracy prediction) {
    return JsonText.tree(json -> write(json, prediction));
  }

  private static void write(JsonWriter json, PredictedAccuracy prediction) throws IOException {
    json.beginObject();
    json.name("value").value(prediction.value());
    json.name("low").value(prediction.low());
    json.name("high").value(prediction.high());
    json.endObject();
  }

  /**
   * What is known of a run as a tree, for a larger document.
   *
   * @param run the run
   * @return a new object
   */
  public static JsonObject tree(RunInfo run) {
    JsonObject object = new JsonObject();
    object.addProperty("attempt", run.attempt());
    run.model().ifPresent(text -> object.addProperty("model", text));
    run.dataset().ifPresent(text -> object.addProperty("dataset", text));
    JsonObject tags = new JsonObject();
    run.tags().forEach(tags::addProperty);
    object.add("tags", tags);
    run.startedAt().ifPresent(instant -> object.addProperty("startedAt", instant.toString()));
    run.command().ifPresent(text -> object.addProperty("command", text));
    return object;
  }

  /**
   * How a run ended as a tree, for a larger document.
   *
   * @param end the end
   * @return a new object
   */
  public static JsonObject tree(RunEnd end) {
    JsonObject object = new JsonObject();
    object.addProperty("state", end.state().text());
    object.addProperty("reason", end.reason());
    end.attempt().ifPresent(attempt -> object.addProperty("attempt", attempt));
    return object;
  }

  /**
   * A directive as a tree, for a larger document.
   *
   * @param directive what a training is told to do
   * @return a new object
   */
  public static JsonObject tree(Directive directive) {
    JsonObject object = new JsonObject();
    object.addProperty("action", directive.stops() ? STOP : CONTINUE);
    if (!directive.reason().isEmpty()) {
      object.addProperty("reason", directive.reason());
    }
    return object;
  }

  /**
   * Reads one observation.
   *
   * @param json an object, as {@link #write(Observation)} writes it
   * @return the observation
   * @throws WireException if it is not valid
   */
  public static Observation readObservation(String json) {
    return observation(Fields.parse(json));
  }

  /**
   * Reads the body of a report.
   *
   * @param json an object, as {@link #write(List)} writes it
   * @param most the most observations that are allowed
   * @return the observations in their order, unmodifiable
   * @throws WireException if one is not valid, or there are too many
   */
  public static List<Observation> readObservations(String json, int most) {
    return Fields.parse(json).objects("observations", most).stream()
        .map(Wire::observation)
        .toList();
  }

  /**
   * Takes the body of a report apart, so that what is wrong with one observation need not cost the
   * others.
   *
   * @param json an object, as {@link #write(List)} writes it, whose observations may not be valid
   * @return a body for each observation, in their order; none if it is not such an object
   */
  public static List<String> apart(String json) {
    try {
      Fields.parse(json);
    } catch (WireException e) {
      return List.of();
    }
    JsonElement observations = JsonParser.parseString(json).getAsJsonObject().get("observations");
    if (observations == null || !observations.isJsonArray()) {
      return List.of();
    }
    List<String> bodies = new ArrayList<>();
    for (JsonElement observation : observations.getAsJsonArray()) {
      JsonArray alone = new JsonArray();
      alone.add(observation);
      JsonObject body = new JsonObject();
      body.add("observations", alone);
      bodies.add(body.toString());
    }
    return bodies;
  }

  /**
   * Reads what is known of a run.
   *
   * @param name the name of the run, from the address
   * @param json an object, as {@link #write(RunInfo)} writes it
   * @return the run
   * @throws WireException if the body or the name is not valid
   */
  public static RunInfo readRun(String name, String json) {
    Fields fields = Fields.parse(json);
    return fields.checked(
        () ->
            new RunInfo(
                name,
                attempt(fields),
                fields.optionalString("model"),
                fields.optionalString("dataset"),
                fields.strings("tags"),
                fields.optionalInstant("startedAt"),
                fields.optionalString("command")));
  }

  /**
   * Reads how a run ended.
   *
   * @param json an object, as {@link #write(RunEnd)} writes it; the reason and the attempt may be
   *     missing
   * @return the end
   * @throws WireException if it is not valid
   */
  public static RunEnd readEnd(String json) {
    Fields fields = Fields.parse(json);
    String state = fields.string("state");
    RunEnd.State parsed =
        Arrays.stream(RunEnd.State.values())
            .filter(candidate -> candidate.text().equals(state))
            .findFirst()
            .orElseThrow(
                () ->
                    new WireException(
                        "state", "must be completed, stopped or failed, but is \"" + state + "\""));
    RunEnd end =
        fields.checked(() -> new RunEnd(parsed, fields.optionalString("reason").orElse("")));
    return fields.has("attempt") ? end.ofAttempt(attempt(fields)) : end;
  }

  /**
   * Reads a directive.
   *
   * @param json an object, as {@link #tree(Directive)} makes it; the reason may be missing
   * @return the directive
   * @throws WireException if it is not valid
   */
  public static Directive readDirective(String json) {
    return directive(Fields.parse(json));
  }

  static Directive directive(Fields fields) {
    String action = fields.string("action");
    if (!action.equals(STOP) && !action.equals(CONTINUE)) {
      throw new WireException("action", "must be continue or stop, but is \"" + action + "\"");
    }
    return fields.checked(
        () -> new Directive(action.equals(STOP), fields.optionalString("reason").orElse("")));
  }

  private static Observation observation(Fields fields) {
    return fields.checked(
        () ->
            Observation.builder(
                    new Observation.Key(
                        attempt(fields),
                        fields.string("layer"),
                        fields.string("reference"),
                        fields.integer("step", 0, Observation.Key.LAST_STEP)),
                    fields.instant("time"),
                    fields.string("profile"),
                    outcome(fields))
                .epoch(fields.optionalNumber("epoch").orElse(0))
                .scoreFloor(fields.optionalNumber("scoreFloor"))
                .scoreCeiling(fields.optionalNumber("scoreCeiling"))
                .gaugedScore(fields.optionalNumber("gaugedScore"))
                .probeSeconds(fields.optionalNumber("probeSeconds"))
                .overheadRatio(fields.optionalNumber("overheadRatio"))
                .overheadBudgetRatio(fields.optionalNumber("overheadBudgetRatio"))
                .companions(
                    fields.object("companions").map(Wire::companions).orElse(Companions.NONE))
                .predictedAccuracy(fields.object("predictedAccuracy").map(Wire::prediction))
                .evaluations(fields.numbers("evaluations"))
                .training(
                    fields.object("training").map(Wire::training).orElse(TrainingState.UNKNOWN))
                .agent(fields.object("agent").map(Wire::agent).orElse(AgentState.CLEAN))
                .embeddings(fields.optionalString("embeddings"))
                .build());
  }

  private static int attempt(Fields fields) {
    return (int) fields.integer("attempt", 1, Integer.MAX_VALUE, 1);
  }

  private static Outcome outcome(Fields fields) {
    if (fields.has("undefined")) {
      return new Undefined(fields.string("undefined"));
    }
    return new Score(
        fields.number("similarity"),
        fields.number("chance"),
        fields.number("score"),
        fields.number("standardError"),
        (int) fields.integer("probes", 3, Integer.MAX_VALUE),
        (int) fields.integer("anchors", 1, Integer.MAX_VALUE));
  }

  private static Companions companions(Fields fields) {
    return new Companions(
        fields.optionalNumber("linear_cka"),
        fields.optionalNumber("effective_rank"),
        fields.optionalNumber("neighbour_overlap"),
        fields.optionalNumber("prediction_agreement"));
  }

  private static PredictedAccuracy prediction(Fields fields) {
    return new PredictedAccuracy(
        fields.number("value"), fields.number("low"), fields.number("high"));
  }

  private static TrainingState training(Fields fields) {
    return new TrainingState(
        fields.optionalNumber("stepsPerSecond"), fields.optionalNumber("deviceMemoryBytes"));
  }

  private static AgentState agent(Fields fields) {
    return new AgentState(
        fields.integer("failures", 0, Long.MAX_VALUE, 0),
        fields.integer("spooled", 0, Long.MAX_VALUE, 0),
        fields.integer("dropped", 0, Long.MAX_VALUE, 0));
  }
}
