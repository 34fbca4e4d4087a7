package dev.latentgauge.collector.web;

import dev.latentgauge.collector.ingest.Rejection;
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

  private final Consumer<Rejection> refused;

  /**
   * A responder.
   *
   * @param refused hears of each refusal
   */
  Responder(Consumer<Rejection> refused) {
    this.refused = refused;
  }

  void answer(RoutingContext context, Answer answer) {
    answer(context.request(), answer);
  }

  void answer(HttpServerRequest request, Answer answer) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    addStandardHeaders(response);
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(answer.body().length()));
      response.end();
    } else if (answer.status() == 204) {
      response.end();
    } else {
      response.end(answer.body());
    }
  }

  /** What every answer carries. */
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
