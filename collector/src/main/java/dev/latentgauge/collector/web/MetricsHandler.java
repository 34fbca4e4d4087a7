package dev.latentgauge.collector.web;

import dev.latentgauge.collector.exposition.Exposition;
import dev.latentgauge.collector.exposition.MetricScope;
import dev.latentgauge.collector.exposition.Rendering;
import dev.latentgauge.collector.exposition.Selection;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Answers scrapes, in the format and compression that they ask for. */
final class MetricsHandler implements Handler<RoutingContext> {

  private static final String NAMES = "name[]";
  private static final String SCOPE = "scope";

  static final Parameters PARAMETERS = Parameters.of(SCOPE).andOften(NAMES, 100);

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
            Gzip.isAccepted(request.getHeader(HttpHeaders.ACCEPT_ENCODING)),
            selection(context.queryParams()))
        .onSuccess(rendering -> responder.answer(context, answer(rendering)))
        .onFailure(failure -> responder.fail(context, failure));
  }

  private static Selection selection(MultiMap query) {
    return new Selection(
        Set.copyOf(query.getAll(NAMES)),
        Optional.ofNullable(query.get(SCOPE))
            .map(text -> Call.parsed(SCOPE, text, MetricScope::parse)));
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
}
