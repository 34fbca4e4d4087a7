package dev.latentgauge.collector.web;

import com.google.gson.JsonObject;
import dev.latentgauge.collector.access.Doorkeeper;
import dev.latentgauge.collector.exposition.Exposition;
import dev.latentgauge.collector.ingest.Ingest;
import dev.latentgauge.collector.reference.ReferenceLibrary;
import dev.latentgauge.collector.scoring.Scoring;
import dev.latentgauge.collector.store.Store;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
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
  private final ReferenceLibrary references;
  private final Scoring scoring;
  private final BodyReader reports;
  private final UploadHandler uploads;
  private final Responder responder;
  private final Doorkeeper doorkeeper;

  /** What is done with a request; it may block. */
  private interface Endpoint {
    CompletionStage<Answer> answer(Call call);
  }

  /**
   * An interface to a collector.
   *
   * @param vertx runs it
   * @param reports how large reports may be
   * @param files how large embeddings and references may be
   * @param folder for what is received of them
   * @param ingest takes reports
   * @param store answers reads
   * @param references what runs are scored against
   * @param scoring takes embeddings
   * @param exposition answers scrapes
   * @param doorkeeper lets requests in
   * @param ready whether reports are welcome now
   */
  public HttpApi(
      Vertx vertx,
      BodyLimits reports,
      BodyLimits files,
      Path folder,
      Ingest ingest,
      Store store,
      ReferenceLibrary references,
      Scoring scoring,
      Exposition exposition,
      Doorkeeper doorkeeper,
      BooleanSupplier ready) {
    this.vertx = vertx;
    this.responder = new Responder(ingest::refused);
    this.reports = new BodyReader(vertx, BodyReader.JSON, reports);
    this.uploads =
        new UploadHandler(
            vertx,
            new BodyReader(vertx, BodyReader.FILE, files),
            folder,
            scoring,
            doorkeeper.shares(),
            responder);
    this.ingest = ingest;
    this.store = store;
    this.references = references;
    this.scoring = scoring;
    this.exposition = exposition;
    this.doorkeeper = doorkeeper;
    this.ready = ready;
  }

  /**
   * Lays out the addresses, behind a door.
   *
   * @param version the version that the front page names
   * @param connections those of the server
   * @return a handler for the server
   */
  public FrontDoor front(String version, Connections connections) {
    return new FrontDoor(connections, responder, router(version));
  }

  private Router router(String version) {
    Router router = Router.router(vertx);
    router.route().handler(new AccessHandler(doorkeeper, responder));
    SessionEndpoints session = new SessionEndpoints(doorkeeper, responder);
    at("/v1/session", router)
        .on(HttpMethod.GET, session::get)
        .on(HttpMethod.POST, session::post)
        .on(HttpMethod.DELETE, session::delete);
    RunEndpoints runs = new RunEndpoints(ingest, store, references, scoring);
    ReferenceEndpoints library = new ReferenceEndpoints(references, scoring, responder);
    at("/v1/runs", router).on(HttpMethod.GET, read(runs::list));
    at("/v1/runs/:run", router)
        .on(HttpMethod.GET, read(runs::get))
        .on(HttpMethod.PUT, write(runs::put))
        .on(HttpMethod.DELETE, read(runs::delete));
    at("/v1/runs/:run/observations", router)
        .on(HttpMethod.GET, read(runs::observations))
        .on(HttpMethod.POST, write(runs::observe));
    at("/v1/runs/:run/embeddings", router).on(HttpMethod.POST, uploads.to(runs::score));
    at("/v1/runs/:run/directive", router).on(HttpMethod.PUT, write(runs::direct));
    at("/v1/references", router).on(HttpMethod.GET, read(library::list));
    at("/v1/references/:reference", router)
        .on(HttpMethod.GET, library::get)
        .on(HttpMethod.PUT, uploads.to(library::put))
        .on(HttpMethod.DELETE, read(library::delete));
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

  /** An endpoint that takes a report. */
  private Handler<RoutingContext> write(Endpoint endpoint) {
    return context ->
        reports
            .read(context.request(), new BodySink.InMemory(), () -> {})
            .onSuccess(
                body ->
                    answer(context, endpoint, body.content())
                        .onComplete(answered -> body.release().run()))
            .onFailure(failure -> fail(context, failure));
  }

  private Future<Answer> answer(RoutingContext context, Endpoint endpoint, Buffer body) {
    Call call = Call.of(context, body);
    return vertx
        .executeBlocking(() -> endpoint.answer(call), false)
        .compose(stage -> Future.fromCompletionStage(stage, vertx.getOrCreateContext()))
        .onSuccess(answer -> responder.answer(context, answer))
        .onFailure(failure -> fail(context, failure));
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
    fail(context, Problem.notHttp());
  }

  private void fail(RoutingContext context, Throwable failure) {
    responder.fail(context, failure);
  }
}
