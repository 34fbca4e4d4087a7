package dev.latentgauge.collector.web;

import dev.latentgauge.collector.access.Doorkeeper;
import dev.latentgauge.collector.event.EventReaders;
import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.observation.Names;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Answers with events for as long as the client reads them. */
final class EventsHandler implements Handler<RoutingContext> {

  static final Parameters PARAMETERS = Parameters.of("prefix").andOften("run");

  private static final int MOST_RUNS = 100;

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
      Predicate<String> wanted = wanted(context);
      if (context.request().method().equals(HttpMethod.HEAD)) {
        addHeaders(context.response());
        context.response().end();
        return;
      }
      Optional<String> lastId =
          Optional.ofNullable(context.request().getHeader("last-event-id"))
              .filter(id -> !id.isEmpty());
      HttpServerResponse response = context.response();
      addHeaders(response);
      response.setChunked(true);
      readers.add(response, wanted, lastId, AccessHandler.guest(context, doorkeeper));
    } catch (Rejection e) {
      context.response().setChunked(false).headers().remove("x-accel-buffering");
      responder.fail(context, e);
    }
  }

  private static void addHeaders(HttpServerResponse response) {
    response.putHeader("content-type", "text/event-stream");
    // Proxies that gather answers before they pass them on: nginx knows this header.
    response.putHeader("x-accel-buffering", "no");
    Responder.addStandardHeaders(response);
  }

  private static Predicate<String> wanted(RoutingContext context) {
    List<String> runs = context.queryParams().getAll("run");
    if (runs.size() > MOST_RUNS) {
      throw Call.refusal(
          "run", "run must be given at most " + MOST_RUNS + " times, but is " + runs.size());
    }
    runs.forEach(name -> requireName("run", name));
    Set<String> names = Set.copyOf(runs);
    String prefix = Optional.ofNullable(context.queryParams().get("prefix")).orElse("");
    if (context.queryParams().contains("prefix") && !Names.PATTERN.matcher(prefix).matches()) {
      throw Call.refusal(
          "prefix",
          "prefix must match " + Names.PATTERN + ", but is \"" + Problem.shortened(prefix) + "\"");
    }
    return name -> (names.isEmpty() || names.contains(name)) && name.startsWith(prefix);
  }

  private static void requireName(String parameter, String name) {
    try {
      Names.require(parameter, name);
    } catch (IllegalArgumentException e) {
      throw Call.refusal(parameter, String.valueOf(e.getMessage()));
    }
  }
}
