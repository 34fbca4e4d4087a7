package dev.latentgauge.collector.web;

import dev.latentgauge.collector.exposition.Exposition;
import dev.latentgauge.collector.exposition.Rendering;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers scrapes, in the format and compression that they ask for. */
final class MetricsHandler implements Handler<RoutingContext> {

  private final Exposition exposition;
  private final Responder responder;

  MetricsHandler(Exposition exposition, Responder responder) {
    this.exposition = exposition;
    this.responder = responder;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    exposition
        .render(
            request.getHeader(HttpHeaders.ACCEPT),
            acceptsGzip(request.getHeader(HttpHeaders.ACCEPT_ENCODING)))
        .onSuccess(rendering -> responder.answer(context, answer(rendering)))
        .onFailure(failure -> responder.fail(context, failure));
  }

  private static Answer answer(Rendering rendering) {
    Map<String, String> headers = new HashMap<>();
    headers.put("content-type", rendering.contentType());
    headers.put("vary", "Accept, Accept-Encoding");
    if (rendering.gzip()) {
      headers.put("content-encoding", "gzip");
    }
    return new Answer(200, headers, rendering.body());
  }

  /** Whether gzip is listed, and not with the weight 0, which forbids it. */
  static boolean acceptsGzip(@Nullable String encodings) {
    return encodings != null
        && Arrays.stream(encodings.toLowerCase(Locale.ROOT).split(","))
            .map(encoding -> encoding.replaceAll("\\s", ""))
            .anyMatch(
                encoding ->
                    encoding.matches("gzip(;q=.*)?") && !encoding.matches(".*;q=0(\\.0*)?"));
  }
}
