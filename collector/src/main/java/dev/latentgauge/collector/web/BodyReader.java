package dev.latentgauge.collector.web;

import dev.latentgauge.collector.ingest.Rejection;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a request, within a limit and a time.
 *
 * <p>The type of a body must be declared. That is more than tidiness: a web page can make its
 * visitor's browser send some types anywhere without asking, and those are not among the declared
 * ones. With PUT a browser always asks, so that there a type that is not JSON may be left out.
 *
 * <p>What is refused by its headers is never asked for. What still arrives after a refusal is
 * thrown away, so that the client gets to read the answer; one that goes on past the time is cut
 * off. {@link FrontDoor} closes what is to be closed after an answer.
 *
 * <p>The bytes of all bodies together are limited too. A body that was read counts until it is
 * released.
 */
final class BodyReader {

  /** The type of reports. */
  static final String JSON = "application/json";

  /** The type of files. */
  static final String FILE = "application/octet-stream";

  private final Vertx vertx;
  private final String type;
  private final BodyLimits limits;
  private final Bodies bodies;

  /**
   * A reader.
   *
   * @param type the content type that is read
   */
  BodyReader(Vertx vertx, String type, BodyLimits limits) {
    this.vertx = vertx;
    this.type = type;
    this.limits = limits;
    this.bodies = new Bodies(limits.bytesAtOnce());
  }

  /**
   * A body that was read.
   *
   * @param release says that it is no longer needed
   */
  record Received<T>(T content, Runnable release) {}

  /**
   * Reads a body; must be called before any of it was read. Fails with what was thrown by the
   * check, a {@link Rejection}, or a {@link Problem} if the body breaks off.
   *
   * @param check throws if the body is not wanted; called if its headers do not tell as much
   */
  <T> Future<Received<T>> read(HttpServerRequest request, BodySink<T> sink, Runnable check) {
    return new Reception<>(request, sink).start(check);
  }

  /** A body on its way. */
  private final class Reception<T> {
    private final HttpServerRequest request;
    private final BodySink<T> sink;
    private final Promise<Received<T>> result = Promise.promise();
    private long bytes;

    Reception(HttpServerRequest request, BodySink<T> sink) {
      this.request = request;
      this.sink = sink;
    }

    Future<Received<T>> start(Runnable check) {
      long timer = vertx.setTimer(limits.time().toMillis(), fired -> timeOut());
      request.handler(this::take);
      request.endHandler(
          end -> {
            vertx.cancelTimer(timer);
            finish();
          });
      request.exceptionHandler(
          failure -> {
            vertx.cancelTimer(timer);
            result.tryFail(Problem.cutShort());
          });
      try {
        requireDeclared(request);
        check.run();
        receive();
      } catch (Rejection | Problem e) {
        result.fail(e);
        return result.future();
      }
      return result.future().onFailure(failure -> release());
    }

    private void receive() {
      request.pause();
      sink.open()
          .onFailure(result::tryFail)
          .onSuccess(opened -> askForBody())
          .onComplete(opened -> request.resume());
    }

    private void askForBody() {
      boolean isAsked = "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT));
      if (isAsked && !result.future().isComplete()) {
        request.response().writeContinue();
      }
    }

    private void take(Buffer piece) {
      if (result.future().isComplete()) {
        return;
      }
      if (bytes + piece.length() > limits.bytes()) {
        result.tryFail(tooLarge());
      } else if (!bodies.take(piece.length())) {
        result.tryFail(busy());
      } else {
        bytes += piece.length();
        sink.write(piece).onFailure(result::tryFail);
        if (sink.isFull()) {
          request.pause();
          sink.whenRoom(ready -> request.resume());
        }
      }
    }

    private void finish() {
      if (!result.future().isComplete()) {
        sink.finish()
            .onSuccess(content -> result.tryComplete(new Received<>(content, this::release)))
            .onFailure(result::tryFail);
      }
    }

    private void release() {
      bodies.giveBack(bytes);
      sink.discard();
    }

    private void timeOut() {
      if (result.future().isComplete()) {
        request.connection().close();
      } else {
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        result.tryFail(
            new Rejection(
                Rejection.Reason.TIMEOUT,
                Optional.empty(),
                "the body must arrive within " + limits.time().toSeconds() + " s, but did not"));
        request.resume();
      }
    }
  }

  /** Refuses a body that is not wanted, as far as the headers tell. */
  private void requireDeclared(HttpServerRequest request) {
    String declared = request.getHeader(HttpHeaders.CONTENT_TYPE);
    boolean mayBeMissing = request.method().equals(HttpMethod.PUT) && !type.equals(JSON);
    if (declared == null ? !mayBeMissing : !isWanted(declared)) {
      throw new Rejection(
          Rejection.Reason.MEDIA_TYPE,
          Optional.of("Content-Type"),
          "Content-Type must be "
              + type
              + ", but is "
              + (declared == null ? "missing" : "\"" + Problem.shortened(declared) + "\""));
    }
    if (isTooLarge(request.getHeader(HttpHeaders.CONTENT_LENGTH))) {
      throw tooLarge();
    }
  }

  private boolean isWanted(String declared) {
    return declared.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(type);
  }

  private boolean isTooLarge(@Nullable String length) {
    try {
      return length != null && Long.parseLong(length) > limits.bytes();
    } catch (NumberFormatException e) {
      return true;
    }
  }

  private Rejection tooLarge() {
    return new Rejection(
        Rejection.Reason.TOO_LARGE,
        Optional.empty(),
        "the body must have at most " + limits.bytes() + " bytes, but has more");
  }

  private Rejection busy() {
    return Rejection.until(
        Rejection.Reason.BUSY,
        "the bodies that are read at once must have at most "
            + bodies.most()
            + " bytes together: try again later",
        Duration.ofSeconds(1));
  }
}
