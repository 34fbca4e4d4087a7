package dev.latentgauge.collector.web;

import com.google.gson.JsonObject;
import dev.latentgauge.collector.exposition.Exposition;
import dev.latentgauge.collector.ingest.Ingest;
import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.store.Store;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The addresses of the collector, and what they answer.
 *
 * <p>Requests arrive on the event loop and are answered from it; everything between, decoding,
 * storing and encoding, happens on worker threads.
 */
public final class HttpApi {

  private final Vertx vertx;
  private final Ingest ingest;
  private final Store store;
  private final Exposition exposition;
  private final BooleanSupplier ready;
  private final BodyReader bodies;
  private final Responder responder = new Responder();

  /** What is done with a request; it may block. */
  private interface Endpoint {
    CompletionStage<Answer> answer(Call call);
  }

  /**
   * Limits of a request.
   *
   * @param bodyBytes the most bytes in a body, at least 1
   * @param bodyTime how long a body may take to arrive, more than zero
   * @param bodyBytesAtOnce the most bytes in all bodies that are held at once, at least 1
   */
  public record Limits(int bodyBytes, Duration bodyTime, long bodyBytesAtOnce) {}

  /**
   * An interface to a collector.
   *
   * @param vertx runs it
   * @param limits of a request
   * @param ingest takes reports
   * @param store answers reads
   * @param exposition answers scrapes
   * @param ready whether reports are welcome now
   */
  public HttpApi(
      Vertx vertx,
      Limits limits,
      Ingest ingest,
      Store store,
      Exposition exposition,
      BooleanSupplier ready) {
    this.vertx = vertx;
    this.ingest = ingest;
    this.store = store;
    this.exposition = exposition;
    this.ready = ready;
    this.bodies =
        new BodyReader(
            vertx, limits.bodyBytes(), limits.bodyTime(), new Bodies(limits.bodyBytesAtOnce()));
  }

  /**
   * Lays out the addresses.
   *
   * @param version the version that the front page names
   * @return a handler for the server
   */
  public Router router(String version) {
    Router router = Router.router(vertx);
    RunEndpoints runs = new RunEndpoints(ingest, store);
    at("/v1/runs", router).on(HttpMethod.GET, read(runs::list));
    at("/v1/runs/:run", router)
        .on(HttpMethod.GET, read(runs::get))
        .on(HttpMethod.PUT, write(runs::put))
        .on(HttpMethod.DELETE, read(runs::delete));
    at("/v1/runs/:run/observations", router)
        .on(HttpMethod.GET, read(runs::observations))
        .on(HttpMethod.POST, write(runs::observe));
    at("/v1/runs/:run/end", router).on(HttpMethod.POST, write(runs::end));
    at("/metrics", router).on(HttpMethod.GET, new MetricsHandler(exposition, responder));
    at("/health/live", router).on(HttpMethod.GET, now(() -> health(true, "live")));
    at("/health/ready", router)
        .on(HttpMethod.GET, now(() -> health(ready.getAsBoolean(), "ready")));
    at("/", router).on(HttpMethod.GET, now(() -> Answer.text(FrontPage.text(version))));
    router.errorHandler(404, context -> fail(context, Problem.noPath(context.request().path())));
    router.errorHandler(400, this::malformed);
    router.errorHandler(500, context -> fail(context, context.failure()));
    return router;
  }

  private Resource at(String path, Router router) {
    return Resource.at(path, router, responder);
  }

  /** An endpoint that needs no body. */
  private Handler<RoutingContext> read(Endpoint endpoint) {
    return context -> answer(context, endpoint, Buffer.buffer());
  }

  /** An endpoint that takes a body. */
  private Handler<RoutingContext> write(Endpoint endpoint) {
    return context ->
        bodies
            .read(context.request())
            .onSuccess(
                body -> answer(context, endpoint, body).onComplete(answered -> bodies.done(body)))
            .onFailure(failure -> fail(context, counted(failure)));
  }

  private Throwable counted(Throwable failure) {
    return failure instanceof Rejection rejection ? ingest.refused(rejection) : failure;
  }

  private Future<Answer> answer(RoutingContext context, Endpoint endpoint, Buffer body) {
    Call call = new Call(context.pathParams(), first(context.queryParams()), body);
    return vertx
        .executeBlocking(() -> endpoint.answer(call), false)
        .compose(stage -> Future.fromCompletionStage(stage, vertx.getOrCreateContext()))
        .onSuccess(answer -> responder.answer(context, answer))
        .onFailure(failure -> fail(context, failure));
  }

  private static Map<String, String> first(MultiMap parameters) {
    Map<String, String> first = new HashMap<>();
    parameters.forEach(first::putIfAbsent);
    return first;
  }

  /** An endpoint that is quick enough for the event loop. */
  private Handler<RoutingContext> now(Supplier<Answer> answer) {
    return context -> responder.answer(context, answer.get());
  }

  private static Answer health(boolean good, String what) {
    JsonObject document = new JsonObject();
    document.addProperty(what, good);
    return Answer.json(good ? 200 : 503, document);
  }

  private void malformed(RoutingContext context) {
    fail(
        context,
        new Problem(
            Problem.Kind.INVALID,
            Optional.empty(),
            "the path and the headers must be valid HTTP, but are not"));
  }

  private void fail(RoutingContext context, Throwable failure) {
    responder.fail(context, failure);
  }
}
