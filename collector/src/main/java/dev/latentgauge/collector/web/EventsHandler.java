package dev.latentgauge.collector.web;

import dev.latentgauge.collector.access.Doorkeeper;
import dev.latentgauge.collector.event.EventReaders;
import dev.latentgauge.collector.ingest.Rejection;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Answers with events for as long as the client reads them. */
final class EventsHandler implements Handler<RoutingContext> {

  static final Parameters PARAMETERS = Parameters.of("prefix").andOften("run", 100);

  private final EventReaders readers;
  private final Doorkeeper doorkeeper;
  private final Responder responder;

  EventsHandler(EventReaders readers, Doorkeeper doorkeeper, Responder responder) {
    this.readers = readers;
    this.doorkeeper = doorkeeper;
    this.responder = responder;
  }

  @Override
  public void handle(RoutingContext context) {
    try {
      Predicate<String> wanted = wanted(Call.of(context));
      if (context.request().method().equals(HttpMethod.HEAD)) {
        begun(context.response()).end();
        return;
      }
      Optional<String> lastId =
          Optional.ofNullable(context.request().getHeader("last-event-id"))
              .filter(id -> !id.isEmpty());
      readers.add(
          () -> begun(context.response()).setChunked(true),
          wanted,
          lastId,
          AccessHandler.guest(context, doorkeeper));
    } catch (Rejection e) {
      responder.fail(context, e);
    }
  }

  private static HttpServerResponse begun(HttpServerResponse response) {
    response.putHeader("content-type", "text/event-stream");
    // Proxies that gather answers before they pass them on: nginx knows this header.
    response.putHeader("x-accel-buffering", "no");
    Responder.addStandardHeaders(response);
    return response;
  }

  private static Predicate<String> wanted(Call call) {
    Set<String> names = Set.copyOf(call.names("run"));
    String prefix = call.prefix();
    return name -> (names.isEmpty() || names.contains(name)) && name.startsWith(prefix);
  }
}
