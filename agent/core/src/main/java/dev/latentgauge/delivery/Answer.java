package dev.latentgauge.delivery;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.stream.JsonReader;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.observation.Wire;
import java.io.IOException;
import java.io.StringReader;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;

/**
 * What a collector answered.
 *
 * @param request the method and address, for messages
 * @param status the status of HTTP
 * @param body how the body begins
 * @param isProblem whether it is a problem of RFC 9457, as all refusals of a collector are
 * @param retryAfter how long to wait, if the collector said so, at most {@link #LONGEST_RETRY}
 * @param secret what is never printed, if something was sent that must not be: some proxies answer
 *     with what they were sent
 */
record Answer(
    String request,
    int status,
    String body,
    boolean isProblem,
    Optional<Duration> retryAfter,
    Optional<String> secret) {

  static final Duration LONGEST_RETRY = Duration.ofMinutes(5);

  static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;

  private static final int LONGEST_QUOTE = 500;
  private static final String PROBLEM = "application/problem+json";

  /**
   * Refusals that may end without the report being another: who is not let in (401, 403, 407), what
   * is at the wrong address or not there yet (404, 421), and what came at a bad time.
   */
  private static final Set<Integer> LATER = Set.of(401, 403, 404, 407, 408, 421, 425, 429);

  static Answer of(String request, HttpResponse<String> response, Optional<String> secret) {
    return new Answer(
        request,
        response.statusCode(),
        response.body(),
        response.headers().firstValue("content-type").orElse("").startsWith(PROBLEM),
        retryAfter(response.headers()),
        secret);
  }

  boolean isTaken() {
    return status / 100 == 2;
  }

  /**
   * Whether the same report would be refused for ever: by a collector, and not by whatever else may
   * be at its address for a while.
   */
  boolean isFinal() {
    return isProblem && status / 100 == 4 && !LATER.contains(status);
  }

  /** The answer in one line, for people: what a problem says, or else how the body begins. */
  String quoted() {
    String said = problem().orElse(body.strip());
    String text = secret.map(hidden -> said.replace(hidden, "***")).orElse(said);
    String quote = text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…";
    return request + " was answered " + status + " " + quote;
  }

  /** What became of the report that it is the answer to. */
  Receipt receipt() {
    if (isTaken()) {
      return new Receipt(Receipt.Kind.TAKEN, "", Optional.empty(), directive());
    } else if (isFinal()) {
      return Receipt.of(Receipt.Kind.REFUSED, quoted());
    }
    // A collector that was started again may have forgotten the run.
    Receipt.Kind kind = status == NOT_FOUND ? Receipt.Kind.UNREGISTERED : Receipt.Kind.LATER;
    return new Receipt(kind, quoted(), retryAfter, Optional.empty());
  }

  @Override
  public String toString() {
    return quoted();
  }

  private Optional<String> problem() {
    return field("detail").filter(JsonPrimitive.class::isInstance).map(JsonElement::getAsString);
  }

  /** What the training is told to do; empty if the answer does not say so in a known way. */
  Optional<Directive> directive() {
    try {
      return field("directive").map(JsonElement::toString).map(Wire::readDirective);
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  private Optional<JsonElement> field(String name) {
    try {
      JsonElement document = JsonParser.parseString(body);
      return document instanceof JsonObject object
          ? Optional.ofNullable(object.get(name))
          : Optional.empty();
    } catch (JsonParseException e) {
      return Optional.empty();
    }
  }

  /** Whether this describes a run that a later attempt than this one has, which started later. */
  boolean hasLaterAttemptThan(RunInfo run) {
    long attempt = 0;
    Instant startedAt = Instant.MIN;
    try (JsonReader reader = new JsonReader(new StringReader(body))) {
      reader.beginObject();
      // The rest of the document may be long, and cut off.
      while ((attempt == 0 || startedAt.equals(Instant.MIN)) && reader.hasNext()) {
        switch (reader.nextName()) {
          case "attempt" -> attempt = reader.nextLong();
          case "startedAt" -> startedAt = Instant.parse(reader.nextString());
          default -> reader.skipValue();
        }
      }
    } catch (IOException | DateTimeException | IllegalStateException | NumberFormatException e) {
      return false;
    }
    return attempt > run.attempt() && run.startedAt().filter(startedAt::isAfter).isPresent();
  }

  /** Seconds, or a date, which is compared with the collector's own. */
  private static Optional<Duration> retryAfter(HttpHeaders headers) {
    return headers
        .firstValue("retry-after")
        .flatMap(
            text ->
                text.matches("\\d{1,9}")
                    ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
                    : between(headers.firstValue("date").orElse(""), text))
        .map(time -> time.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : time);
  }

  private static Optional<Duration> between(String from, String to) {
    try {
      DateTimeFormatter format = DateTimeFormatter.RFC_1123_DATE_TIME;
      Duration time =
          Duration.between(ZonedDateTime.parse(from, format), ZonedDateTime.parse(to, format));
      return time.isNegative() ? Optional.empty() : Optional.of(time);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
