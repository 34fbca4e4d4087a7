package dev.latentgauge.collector.web;

import dev.latentgauge.collector.ingest.Rejection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes answers, and makes problems of failures. */
final class Responder {

  private static final Logger LOG = LoggerFactory.getLogger(Responder.class);

  void answer(RoutingContext context, Answer answer) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    response.putHeader("cache-control", "no-store");
    response.putHeader("x-content-type-options", "nosniff");
    if (context.request().method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(answer.body().length()));
      response.end();
    } else if (answer.status() == 204) {
      response.end();
    } else {
      response.end(answer.body());
    }
  }

  void fail(RoutingContext context, Throwable failure) {
    answer(context, problem(context, failure).answer());
  }

  private static Problem problem(RoutingContext context, Throwable failure) {
    if (failure instanceof CompletionException && failure.getCause() != null) {
      return problem(context, failure.getCause());
    } else if (failure instanceof Problem problem) {
      return problem;
    } else if (failure instanceof Rejection rejection) {
      return Problem.of(rejection);
    }
    if (!context.response().closed()) {
      LOG.error("{} {} failed", context.request().method(), context.request().path(), failure);
    }
    return Problem.internal();
  }
}
