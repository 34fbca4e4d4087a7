package dev.latentgauge.collector.web;

import dev.latentgauge.collector.ingest.Rejection;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What one address answers, by method; where there is GET there is HEAD. */
final class Resource implements Handler<RoutingContext> {

  private static final String RESOURCE = "resource";
  private static final String PATH = "path";

  private final Responder responder;
  private final Map<HttpMethod, Operation> operations = new LinkedHashMap<>();

  /** What is done at a method, and which parameters it may have; none given is any at all. */
  record Operation(Handler<RoutingContext> handler, Optional<Parameters> parameters) {}

  private Resource(Responder responder) {
    this.responder = responder;
  }

  /** Puts a new resource at a path, as Vert.x writes it: {@code /v1/runs/:run}. */
  static Resource at(String path, Router router, Responder responder) {
    Resource resource = new Resource(responder);
    router.route(path).putMetadata(RESOURCE, resource).putMetadata(PATH, path).handler(resource);
    return resource;
  }

  /** Answers a method, with the parameters that its query may have. */
  Resource on(HttpMethod method, Handler<RoutingContext> handler, Parameters parameters) {
    operations.put(method, new Operation(handler, Optional.of(parameters)));
    return this;
  }

  /** Answers a method without parameters. */
  Resource on(HttpMethod method, Handler<RoutingContext> handler) {
    return on(method, handler, Parameters.NONE);
  }

  /** Answers a method whatever its query is, for those whom nobody can teach theirs. */
  Resource onAny(HttpMethod method, Handler<RoutingContext> handler) {
    operations.put(method, new Operation(handler, Optional.empty()));
    return this;
  }

  /** The lines of {@link HttpApi#operations} of one route; none if it is no resource. */
  static Stream<String> operations(Route route) {
    return route.getMetadata(RESOURCE) instanceof Resource resource
        ? resource.operations(String.valueOf(route.<Object>getMetadata(PATH)))
        : Stream.empty();
  }

  private Stream<String> operations(String path) {
    String address = path.replaceAll(":(\\w+)", "{$1}");
    return operations.entrySet().stream()
        .map(
            entry -> {
              Set<String> names =
                  entry.getValue().parameters().map(Parameters::names).orElse(Set.of());
              String query = names.isEmpty() ? "" : " ?" + String.join("&", names);
              return entry.getKey() + " " + address + query;
            });
  }

  @Override
  public void handle(RoutingContext context) {
    HttpMethod method = context.request().method();
    Operation operation = operations.get(method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method);
    if (operation == null) {
      context.response().putHeader("allow", allowed());
      responder.fail(
          context,
          new Problem(
              Problem.Kind.METHOD,
              Optional.empty(),
              "the method must be one of " + allowed() + ", but is " + method));
      return;
    }
    try {
      operation.parameters().ifPresent(known -> known.check(context.queryParams()));
    } catch (Rejection e) {
      responder.fail(context, e);
      return;
    }
    operation.handler().handle(context);
  }

  private String allowed() {
    return operations.keySet().stream()
        .flatMap(
            method ->
                method.equals(HttpMethod.GET)
                    ? Stream.of(HttpMethod.GET, HttpMethod.HEAD)
                    : Stream.of(method))
        .map(HttpMethod::name)
        .collect(Collectors.joining(", "));
  }
}
