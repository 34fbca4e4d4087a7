package dev.latentgauge.collector.web;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What one address answers, by method; where there is GET there is HEAD. */
final class Resource implements Handler<RoutingContext> {

  private final Responder responder;
  private final Map<HttpMethod, Handler<RoutingContext>> handlers = new LinkedHashMap<>();

  private Resource(Responder responder) {
    this.responder = responder;
  }

  /** Puts a new resource at a path, as Vert.x writes it: {@code /v1/runs/:run}. */
  static Resource at(String path, Router router, Responder responder) {
    Resource resource = new Resource(responder);
    router.route(path).handler(resource);
    return resource;
  }

  Resource on(HttpMethod method, Handler<RoutingContext> handler) {
    handlers.put(method, handler);
    return this;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpMethod method = context.request().method();
    Handler<RoutingContext> handler =
        handlers.get(method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method);
    if (handler == null) {
      context.response().putHeader("allow", allowed());
      responder.fail(
          context,
          new Problem(
              Problem.Kind.METHOD,
              Optional.empty(),
              "the method must be one of " + allowed() + ", but is " + method));
    } else {
      handler.handle(context);
    }
  }

  private String allowed() {
    return handlers.keySet().stream()
        .flatMap(
            method ->
                method.equals(HttpMethod.GET)
                    ? Stream.of(HttpMethod.GET, HttpMethod.HEAD)
                    : Stream.of(method))
        .map(HttpMethod::name)
        .collect(Collectors.joining(", "));
  }
}
