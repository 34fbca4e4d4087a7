package dev.latentgauge.collector.web;

import dev.latentgauge.collector.exposition.Exposition;
import dev.latentgauge.collector.exposition.Rendering;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Answers scrapes, in the format and compression that they ask for. */
final class MetricsHandler implements Handler<RoutingContext> {

  private static final String NAMES = "name[]";
  private static final int MOST_NAMES = 100;

  static final Parameters PARAMETERS = Parameters.NONE.andOften(NAMES);

  private final Exposition exposition;
  private final Responder responder;

  MetricsHandler(Exposition exposition, Responder responder) {
    this.exposition = exposition;
    this.responder = responder;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    List<String> names = context.queryParams().getAll(NAMES);
    if (names.size() > MOST_NAMES) {
      responder.fail(
          context,
          Call.refusal(
              NAMES,
              NAMES + " must be given at most " + MOST_NAMES + " times, but is " + names.size()));
      return;
    }
    exposition
        .render(
            request.getHeader(HttpHeaders.ACCEPT),
            Gzip.isAccepted(request.getHeader(HttpHeaders.ACCEPT_ENCODING)),
            Set.copyOf(names))
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
}
