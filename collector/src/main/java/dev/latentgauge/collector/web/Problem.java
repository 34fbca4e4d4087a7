package dev.latentgauge.collector.web;

import com.google.gson.JsonObject;
import dev.latentgauge.collector.ingest.Rejection;
import java.time.Duration;
import java.util.Optional;

/**
 * Why a request is not done, as RFC 9457 has it.
 *
 * <p>The detail says what must hold and what was given; {@code field} names the field, parameter or
 * header that is at fault, if it is one.
 */
final class Problem extends RuntimeException {

  private static final String TYPE = "urn:latentgauge:problem:";

  private final Kind kind;
  private final Optional<String> field;
  private final Optional<Duration> retryAfter;

  /** The kinds of problems, each with its status and what it is called. */
  enum Kind {
    INVALID(400, "invalid", "The request is not valid"),
    UNAUTHENTICATED(401, "unauthenticated", "A token is needed"),
    FORBIDDEN(403, "forbidden", "The token does not allow that"),
    CROSS_SITE(403, "cross-site", "Another site must not do that"),
    NOT_FOUND(404, "not-found", "There is no such thing"),
    METHOD(405, "method-not-allowed", "The method is not allowed here"),
    TIMEOUT(408, "timeout", "The request did not arrive in time"),
    CONFLICT(409, "conflict", "The request contradicts what is stored"),
    TOO_LARGE(413, "too-large", "The request is too large"),
    TARGET(414, "target", "The target is too long"),
    MEDIA_TYPE(415, "media-type", "The content type is not supported"),
    HOST(421, "host", "The request is for another host"),
    UNFIT(422, "unfit", "The embeddings do not fit"),
    INCOMPARABLE(422, "incomparable", "The runs cannot be compared"),
    SERIES(422, "series", "The run has too many series"),
    HEADERS(431, "headers", "The headers are too large"),
    LIVE_RUNS(429, "live-runs", "Too many runs are live"),
    RATE(429, "rate", "The client sends too much"),
    SCORING(429, "scoring", "Too many embeddings are being scored"),
    COMPARISONS(429, "comparisons", "Too many comparisons are made"),
    INTERNAL(500, "internal", "The collector failed"),
    BUSY(503, "busy", "Too many reports arrive at once"),
    READERS(503, "readers", "Too many read events"),
    ENGINE(503, "engine", "The collector cannot score"),
    HISTORY(503, "history", "The history cannot be used now"),
    SPACE(507, "space", "The store is full");

    private final int status;
    private final String name;
    private final String title;

    Kind(int status, String name, String title) {
      this.status = status;
      this.name = name;
      this.title = title;
    }
  }

  Problem(Kind kind, Optional<String> field, String detail) {
    this(kind, field, detail, Optional.empty());
  }

  private Problem(Kind kind, Optional<String> field, String detail, Optional<Duration> retryAfter) {
    super(detail);
    this.kind = kind;
    this.field = field;
    this.retryAfter = retryAfter;
  }

  static Problem of(Rejection rejection) {
    Kind kind =
        switch (rejection.reason()) {
          case MALFORMED -> Kind.INVALID;
          case MEDIA_TYPE -> Kind.MEDIA_TYPE;
          case TOO_LARGE -> Kind.TOO_LARGE;
          case TIMEOUT -> Kind.TIMEOUT;
          case CONFLICT -> Kind.CONFLICT;
          case BUSY -> Kind.BUSY;
          case LIVE_RUNS -> Kind.LIVE_RUNS;
          case SERIES -> Kind.SERIES;
          case SPACE -> Kind.SPACE;
          case UNKNOWN_REFERENCE -> Kind.NOT_FOUND;
          case UNFIT -> Kind.UNFIT;
          case INCOMPARABLE -> Kind.INCOMPARABLE;
          case COMPARISONS -> Kind.COMPARISONS;
          case SCORING -> Kind.SCORING;
          case READERS -> Kind.READERS;
          case ENGINE -> Kind.ENGINE;
          case HISTORY -> Kind.HISTORY;
          case INTERNAL -> Kind.INTERNAL;
          case UNAUTHENTICATED -> Kind.UNAUTHENTICATED;
          case FORBIDDEN -> Kind.FORBIDDEN;
          case CROSS_SITE -> Kind.CROSS_SITE;
          case HOST -> Kind.HOST;
          case RATE -> Kind.RATE;
          case CONNECTIONS -> Kind.BUSY;
        };
    return new Problem(
        kind, rejection.field(), String.valueOf(rejection.getMessage()), rejection.retryAfter());
  }

  static Problem noRun(String name) {
    return notFound("no run is named \"" + shortened(name) + "\"");
  }

  static Problem noReference(String name) {
    return notFound("no reference is named \"" + shortened(name) + "\"");
  }

  static Problem noPolicy(String name) {
    return notFound("no policy is named \"" + shortened(name) + "\"");
  }

  static Problem noPath(String path) {
    return notFound("nothing is at \"" + shortened(path) + "\"; /openapi.yaml lists what there is");
  }

  private static Problem notFound(String detail) {
    return new Problem(Kind.NOT_FOUND, Optional.empty(), detail);
  }

  /** What cannot be made out, and is not quoted. */
  static Problem notHttp() {
    return new Problem(
        Kind.INVALID, Optional.empty(), "the path and the headers must be valid HTTP, but are not");
  }

  /** For nobody to read: the client is gone, or does not speak HTTP. */
  static Problem cutShort() {
    return new Problem(
        Kind.INVALID, Optional.empty(), "the body must arrive in full, but broke off");
  }

  static Problem internal() {
    return new Problem(Kind.INTERNAL, Optional.empty(), "the collector failed; its log says more");
  }

  Answer answer() {
    JsonObject document = new JsonObject();
    document.addProperty("type", TYPE + kind.name);
    document.addProperty("title", kind.title);
    document.addProperty("status", kind.status);
    document.addProperty("detail", getMessage());
    field.ifPresent(name -> document.addProperty("field", name));
    Answer answer = Answer.of(kind.status, "application/problem+json", document + "\n");
    return retryAfter
        .map(time -> answer.with("retry-after", Long.toString(time.toSeconds())))
        .orElse(answer);
  }

  static String shortened(String text) {
    return text.length() <= 140 ? text : text.substring(0, 140) + "…";
  }
}
