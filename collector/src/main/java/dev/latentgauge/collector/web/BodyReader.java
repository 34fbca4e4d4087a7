package dev.latentgauge.collector.web;

import dev.latentgauge.collector.ingest.Rejection;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a report, within a limit and a time.
 *
 * <p>A body must be declared as JSON. That is more than tidiness: a web page can make its visitor's
 * browser send other types anywhere without asking.
 *
 * <p>What still arrives after a refusal is thrown away, so that the client gets to read the answer;
 * one that goes on past the time is cut off.
 *
 * <p>The bytes of all bodies together are limited too. A body that was read counts until its reader
 * says {@link #done}.
 */
final class BodyReader {

  private static final String JSON = "application/json";

  private final Vertx vertx;
  private final int largest;
  private final Duration time;
  private final Bodies bodies;

  /**
   * A reader.
   *
   * @param largest the most bytes, at least 1
   * @param time how long a body may take to arrive, more than zero
   * @param bodies how many bytes may be held together
   */
  BodyReader(Vertx vertx, int largest, Duration time, Bodies bodies) {
    this.vertx = vertx;
    this.largest = largest;
    this.time = time;
    this.bodies = bodies;
  }

  /** Reads a body; must be called before any of it was read. Fails with a {@link Rejection}. */
  Future<Buffer> read(HttpServerRequest request) {
    Promise<Buffer> result = Promise.promise();
    Buffer body = Buffer.buffer();
    long timer = vertx.setTimer(time.toMillis(), fired -> timeOut(request, result));
    request.handler(chunk -> append(body, chunk, result));
    request.endHandler(
        end -> {
          vertx.cancelTimer(timer);
          result.tryComplete(body);
        });
    request.exceptionHandler(
        failure -> {
          vertx.cancelTimer(timer);
          result.tryFail(failure);
        });
    refusal(request).ifPresentOrElse(result::fail, () -> askFor(request));
    return result.future().onFailure(failure -> done(body));
  }

  /** Says that a body that was read is no longer needed. */
  void done(Buffer body) {
    bodies.giveBack(body.length());
  }

  /** Why the body is not wanted, as far as the headers tell. */
  private Optional<Rejection> refusal(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (!isJson(type)) {
      return Optional.of(
          new Rejection(
              Rejection.Reason.MEDIA_TYPE,
              Optional.of("Content-Type"),
              "Content-Type must be "
                  + JSON
                  + ", but is "
                  + (type == null ? "missing" : "\"" + Problem.shortened(type) + "\"")));
    }
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length != null && isTooLarge(length) ? Optional.of(tooLarge()) : Optional.empty();
  }

  private static boolean isJson(@Nullable String type) {
    return type != null && type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(JSON);
  }

  private boolean isTooLarge(String length) {
    try {
      return Long.parseLong(length) > largest;
    } catch (NumberFormatException e) {
      return true;
    }
  }

  private static void askFor(HttpServerRequest request) {
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      request.response().writeContinue();
    }
  }

  private void append(Buffer body, Buffer chunk, Promise<Buffer> result) {
    if (result.future().isComplete()) {
      return;
    }
    if (body.length() + chunk.length() > largest) {
      result.tryFail(tooLarge());
    } else if (!bodies.take(chunk.length())) {
      result.tryFail(busy());
    } else {
      body.appendBuffer(chunk);
    }
  }

  private Rejection tooLarge() {
    return new Rejection(
        Rejection.Reason.TOO_LARGE,
        Optional.empty(),
        "the body must have at most " + largest + " bytes, but has more");
  }

  private Rejection busy() {
    return new Rejection(
        Rejection.Reason.BUSY,
        Optional.empty(),
        "the bodies that are read at once must have at most "
            + bodies.most()
            + " bytes together: try again later");
  }

  private void timeOut(HttpServerRequest request, Promise<Buffer> result) {
    if (result.future().isComplete()) {
      request.connection().close();
    } else {
      request.response().endHandler(ended -> request.connection().close());
      result.tryFail(
          new Rejection(
              Rejection.Reason.TIMEOUT,
              Optional.empty(),
              "the body must arrive within " + time.toSeconds() + " s, but did not"));
    }
  }
}
