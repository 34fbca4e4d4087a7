package dev.latentgauge.collector.web;

import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.store.StoreException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes answers, and makes problems of failures. */
final class Responder {

  private static final Logger LOG = LoggerFactory.getLogger(Responder.class);

  /** Less than that is not worth the compression. */
  private static final int WORTH_COMPRESSING = 1 << 10;

  private final Vertx vertx;
  private final Consumer<Rejection> refused;

  /**
   * A responder.
   *
   * @param vertx lends threads to compress on
   * @param refused hears of each refusal
   */
  Responder(Vertx vertx, Consumer<Rejection> refused) {
    this.vertx = vertx;
    this.refused = refused;
  }

  /** Sends an answer; JSON that is worth it is compressed for those who accept that. */
  void answer(RoutingContext context, Answer answer) {
    answer(context.request(), answer);
  }

  void answer(HttpServerRequest request, Answer answer) {
    if (!answer.isJson()) {
      send(request, answer.isKnown(request) ? answer.unchanged() : answer);
      return;
    } else if (answer.isKnown(request)) {
      send(request, answer.varying("Accept-Encoding").unchanged());
      return;
    }
    Answer varying = answer.varying("Accept-Encoding");
    boolean isCompressed =
        answer.length() >= WORTH_COMPRESSING
            && Gzip.isAccepted(request.getHeader(HttpHeaders.ACCEPT_ENCODING));
    if (isCompressed) {
      vertx
          .executeBlocking(varying::compressed, false)
          .onSuccess(compressed -> send(request, compressed))
          .onFailure(failure -> fail(request, failure));
    } else {
      send(request, varying);
    }
  }

  private static void send(HttpServerRequest request, Answer answer) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(answer.status());
    addStandardHeaders(response);
    answer.headers().forEach(response::putHeader);
    if (answer.status() == 204 || answer.status() == 304) {
      response.end();
      return;
    }
    response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(answer.length()));
    if (request.method().equals(HttpMethod.HEAD)) {
      response.end();
    } else {
      Paced.send(response, answer.body());
    }
  }

  /** What every answer carries, unless it says otherwise. */
  static void addStandardHeaders(HttpServerResponse response) {
    response.putHeader("cache-control", "no-store");
    response.putHeader("x-content-type-options", "nosniff");
  }

  void fail(RoutingContext context, Throwable failure) {
    fail(context.request(), failure);
  }

  void fail(HttpServerRequest request, Throwable failure) {
    answer(request, problem(request, failure).answer());
  }

  private Problem problem(HttpServerRequest request, Throwable failure) {
    if (failure instanceof CompletionException && failure.getCause() != null) {
      return problem(request, failure.getCause());
    } else if (failure instanceof Problem problem) {
      return problem;
    } else if (failure instanceof StoreException trouble) {
      return problem(request, Rejection.of(trouble));
    } else if (failure instanceof Rejection rejection) {
      refused.accept(rejection);
      return Problem.of(rejection);
    }
    if (!request.response().closed()) {
      LOG.error(
          "{} {} failed",
          Printable.of(request.method().name()),
          Printable.of(request.path()),
          failure);
    }
    return Problem.internal();
  }
}
