package dev.latentgauge.observation;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * What a collector tells a run that reports through a topic, under the name of the run.
 *
 * @param attempt the attempt that is meant, from 1
 * @param startedAt when that started, if it said so
 * @param directive what it is told to do, unless it is refused
 * @param refusal why nothing of it is taken, if nothing is
 */
public record TopicAnswer(
    int attempt,
    Optional<Instant> startedAt,
    Optional<Directive> directive,
    Optional<String> refusal) {

  /**
   * Tells a run what to do.
   *
   * @param run the run
   * @param directive what it should do
   * @return the answer
   */
  public static TopicAnswer of(RunInfo run, Directive directive) {
    return new TopicAnswer(
        run.attempt(), run.startedAt(), Optional.of(directive), Optional.empty());
  }

  /**
   * Refuses a run.
   *
   * @param run the run
   * @param why why, in one line for people
   * @return the answer
   */
  public static TopicAnswer refusal(RunInfo run, String why) {
    return new TopicAnswer(run.attempt(), run.startedAt(), Optional.empty(), Optional.of(why));
  }

  /**
   * Reads an answer.
   *
   * @param json an object, as {@link #json} writes it
   * @return the answer
   * @throws WireException if it is not valid
   */
  public static TopicAnswer read(String json) {
    Fields fields = Fields.parse(json);
    return new TopicAnswer(
        (int) fields.integer("attempt", 1, Integer.MAX_VALUE),
        fields.optionalInstant("startedAt"),
        fields.object("directive").map(Wire::directive),
        fields.optionalString("refused"));
  }

  /**
   * Writes it.
   *
   * @return one line of JSON
   */
  public String json() {
    JsonObject object = new JsonObject();
    object.addProperty("attempt", attempt);
    startedAt.ifPresent(instant -> object.addProperty("startedAt", instant.toString()));
    directive.ifPresent(told -> object.add("directive", Wire.tree(told)));
    refusal.ifPresent(why -> object.addProperty("refused", why));
    return object.toString();
  }

  /**
   * Whether a run is meant.
   *
   * @param run the run whose name it came under
   * @return false if it is for another attempt, or another training that has the same name
   */
  public boolean isFor(RunInfo run) {
    return attempt == run.attempt() && startedAt.equals(run.startedAt());
  }
}
