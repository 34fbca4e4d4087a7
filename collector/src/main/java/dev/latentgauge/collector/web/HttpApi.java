package dev.latentgauge.collector.web;

import dev.latentgauge.collector.access.Doorkeeper;
import dev.latentgauge.collector.event.EventReaders;
import dev.latentgauge.collector.exposition.Exposition;
import dev.latentgauge.collector.health.Health;
import dev.latentgauge.collector.ingest.Ingest;
import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.reference.ReferenceLibrary;
import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.scoring.Comparisons;
import dev.latentgauge.collector.scoring.Scoring;
import dev.latentgauge.collector.stopping.StopPolicies;
import dev.latentgauge.collector.store.Store;
import dev.latentgauge.collector.store.StoreException;
import dev.latentgauge.reference.SketchFile;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses of the collector, and what they answer.
 *
 * <p>Requests arrive on the event loop and are answered from it; everything between, decoding,
 * storing and encoding, happens on worker threads.
 */
public final class HttpApi {

  private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);

  private static final int READERS = 8;
  private static final int SURVEYORS = 2;
  private static final int MOST_READS = 1000;

  private final Vertx vertx;
  private final WorkerExecutor readers;
  private final WorkerExecutor surveyors;
  private final AtomicInteger reads = new AtomicInteger();
  private final Ingest ingest;
  private final Store store;
  private final Exposition exposition;
  private final EventReaders events;
  private final Health live;
  private final Health ready;
  private final ReferenceLibrary references;
  private final Scoring scoring;
  private final Comparisons comparisons;
  private final StopPolicies policies;
  private final BodyReader reports;
  private final BodyReader sketches;
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
   * @param comparisons compares runs with each other
   * @param policies stop runs
   * @param exposition answers scrapes
   * @param events takes those who read events
   * @param doorkeeper lets requests in
   * @param live whether the process works at all
   * @param ready whether requests are welcome now
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
      Comparisons comparisons,
      StopPolicies policies,
      Exposition exposition,
      EventReaders events,
      Doorkeeper doorkeeper,
      Health live,
      Health ready) {
    this.vertx = vertx;
    this.readers = vertx.createSharedWorkerExecutor("readers", READERS);
    this.surveyors = vertx.createSharedWorkerExecutor("surveyors", SURVEYORS);
    this.responder = new Responder(vertx, ingest::refused);
    this.reports = new BodyReader(vertx, BodyReader.JSON, reports);
    this.sketches =
        new BodyReader(
            vertx,
            BodyReader.FILE,
            new BodyLimits(
                SketchFile.MOST_BYTES,
                Math.max(SketchFile.MOST_BYTES, reports.bytesAtOnce()),
                reports.time()));
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
    this.comparisons = comparisons;
    this.policies = policies;
    this.exposition = exposition;
    this.events = events;
    this.live = live;
    this.doorkeeper = doorkeeper;
    this.ready = ready;
  }

  /**
   * Puts a door before addresses.
   *
   * @param router addresses that were laid out here
   * @param connections those of the server
   * @return a handler for the server
   */
  public FrontDoor front(Router router, Connections connections) {
    return new FrontDoor(connections, responder, router);
  }

  /**
   * Lays out the addresses.
   *
   * @param version what pages are told that they talk to
   * @return what answers requests that came in by the door
   */
  public Router router(String version) {
    Router router = Router.router(vertx);
    router.route().handler(new AccessHandler(doorkeeper, responder));
    SessionEndpoints session = new SessionEndpoints(doorkeeper, responder, version);
    at("/v1/session", router)
        .on(HttpMethod.GET, session::get)
        .on(HttpMethod.POST, session::post)
        .on(HttpMethod.DELETE, session::delete);
    RunEndpoints runs = new RunEndpoints(ingest, store, references, scoring);
    ReferenceEndpoints library = new ReferenceEndpoints(references, scoring, responder);
    at("/v1/runs", router).on(HttpMethod.GET, read(runs::list), RunEndpoints.RUNS);
    at("/v1/trends", router).on(HttpMethod.GET, survey(runs::trends), RunEndpoints.TRENDS);
    at("/v1/runs/:run", router)
        .on(HttpMethod.GET, read(runs::get))
        .on(HttpMethod.PUT, write(runs::put))
        .on(HttpMethod.DELETE, read(runs::delete));
    at("/v1/runs/:run/observations", router)
        .on(
            HttpMethod.GET,
            forPoints(survey(runs::thinned), read(runs::observations)),
            RunEndpoints.OBSERVATIONS)
        .on(HttpMethod.POST, write(runs::observe));
    at("/v1/runs/:run/attempts", router).on(HttpMethod.GET, survey(runs::attempts));
    at("/v1/runs/:run/embeddings", router)
        .on(HttpMethod.POST, uploads.to(runs::score), RunEndpoints.SCORE);
    at("/v1/runs/:run/sketches", router)
        .on(HttpMethod.PUT, write(sketches, Call::requireSketch, runs::keep), RunEndpoints.SKETCH);
    at("/v1/runs/:run/directive", router).on(HttpMethod.PUT, write(runs::direct));
    at("/v1/runs/:run/end", router).on(HttpMethod.POST, write(runs::end));
    PolicyEndpoints policed = new PolicyEndpoints(policies, ingest, store);
    at("/v1/runs/:run/decision", router).on(HttpMethod.GET, read(policed::decision));
    at("/v1/policies", router).on(HttpMethod.GET, read(policed::list));
    at("/v1/policies/:policy", router)
        .on(HttpMethod.GET, read(policed::get))
        .on(HttpMethod.PUT, write(policed::put))
        .on(HttpMethod.DELETE, read(policed::delete));
    at("/v1/policies/:policy/decisions", router)
        .on(HttpMethod.GET, read(policed::decisions), PolicyEndpoints.DECISIONS);
    ComparisonEndpoints compared = new ComparisonEndpoints(comparisons);
    at("/v1/comparisons", router)
        .on(HttpMethod.GET, survey(compared::compare), ComparisonEndpoints.PARAMETERS);
    at("/v1/comparisons/plane", router)
        .on(HttpMethod.GET, survey(compared::plane), ComparisonEndpoints.PARAMETERS);
    at("/v1/references", router).on(HttpMethod.GET, refreshed(read(library::list)), Call.PAGE);
    at("/v1/references/:reference", router)
        .on(HttpMethod.GET, refreshed(library::get))
        .on(HttpMethod.PUT, uploads.to(library::put), ReferenceEndpoints.PUT)
        .on(HttpMethod.DELETE, read(library::delete));
    at("/v1/events", router)
        .on(
            HttpMethod.GET,
            new EventsHandler(events, doorkeeper, responder),
            EventsHandler.PARAMETERS);
    at("/metrics", router)
        .on(HttpMethod.GET, new MetricsHandler(exposition, responder), MetricsHandler.PARAMETERS);
    at("/health/live", router).onAny(HttpMethod.GET, health("live", live));
    at("/health/ready", router).onAny(HttpMethod.GET, health("ready", ready));
    at("/openapi.yaml", router).onAny(HttpMethod.GET, new ContractHandler(responder));
    PageHandler page = new PageHandler(responder);
    at("/", router).onAny(HttpMethod.GET, page);
    at("/ui/:asset", router).onAny(HttpMethod.GET, page);
    at("/ui/:folder/:asset", router).onAny(HttpMethod.GET, page);
    at("/ui/lib/:library/:asset", router).onAny(HttpMethod.GET, page);
    at("/ui/lib/:library/:folder/:asset", router).onAny(HttpMethod.GET, page);
    router.errorHandler(404, context -> fail(context, Problem.noPath(context.request().path())));
    router.errorHandler(400, this::malformed);
    router.errorHandler(500, context -> fail(context, context.failure()));
    return router;
  }

  /**
   * What a router answers.
   *
   * @param router one that was laid out here
   * @return a line for each method and address with its parameters, sorted, such as {@code GET
   *     /v1/runs/{run}/observations ?cursor&layer}
   */
  public static List<String> operations(Router router) {
    return router.getRoutes().stream().flatMap(Resource::operations).sorted().toList();
  }

  /**
   * Writes a run as it is answered.
   *
   * @param run the run
   * @return one line of JSON
   */
  public static String document(Run run) {
    return Documents.run(run).toString();
  }

  private Resource at(String path, Router router) {
    return Resource.at(path, router, responder);
  }

  /**
   * An endpoint that needs no body. On threads of its own, so that reports need not wait for
   * readers.
   */
  private Handler<RoutingContext> read(Endpoint endpoint) {
    return on(readers, endpoint);
  }

  /**
   * An endpoint that looks through whole histories, for seconds and with large answers. On two
   * threads of their own, so that other reads need not wait for such, and few fill the memory.
   */
  private Handler<RoutingContext> survey(Endpoint endpoint) {
    return on(surveyors, endpoint);
  }

  /** Chooses by whether a number of points is asked for. */
  private static Handler<RoutingContext> forPoints(
      Handler<RoutingContext> points, Handler<RoutingContext> otherwise) {
    return context ->
        (context.queryParams().contains(Call.POINTS) ? points : otherwise).handle(context);
  }

  /**
   * Hears of references that other collectors have kept or deleted before it goes on; with those
   * that are known, if the others cannot be heard of now.
   */
  private Handler<RoutingContext> refreshed(Handler<RoutingContext> handler) {
    return context -> {
      if (!references.isShared()) {
        handler.handle(context);
      } else if (mayRead(context)) {
        readers
            .executeBlocking(this::refreshReferences, false)
            .onComplete(
                refreshed -> {
                  reads.decrementAndGet();
                  goOn(context, handler);
                });
      }
    };
  }

  private void goOn(RoutingContext context, Handler<RoutingContext> handler) {
    try {
      handler.handle(context);
    } catch (RuntimeException e) {
      fail(context, e);
    }
  }

  private boolean refreshReferences() {
    try {
      references.refresh();
      return true;
    } catch (StoreException e) {
      LOG.debug("references are answered as they are known", e);
      return false;
    }
  }

  private Handler<RoutingContext> on(WorkerExecutor threads, Endpoint endpoint) {
    return context -> {
      if (mayRead(context)) {
        Call call = Call.of(context);
        answer(context, threads.executeBlocking(() -> endpoint.answer(call), false))
            .onComplete(answered -> reads.decrementAndGet());
      }
    };
  }

  /** Counts a read, or refuses it. */
  private boolean mayRead(RoutingContext context) {
    if (reads.incrementAndGet() > MOST_READS) {
      reads.decrementAndGet();
      fail(context, tooManyReads());
      return false;
    }
    return true;
  }

  private static Rejection tooManyReads() {
    return Rejection.until(
        Rejection.Reason.BUSY,
        "reads that wait must be at most " + MOST_READS + ": try again later",
        Duration.ofSeconds(1));
  }

  /** An endpoint that takes a report. */
  private Handler<RoutingContext> write(Endpoint endpoint) {
    return write(reports, call -> {}, endpoint);
  }

  /**
   * An endpoint that takes a body.
   *
   * @param check throws if the address is not valid; called before the body is asked for
   */
  private Handler<RoutingContext> write(
      BodyReader reader, Consumer<Call> check, Endpoint endpoint) {
    return context ->
        reader
            .read(context.request(), new BodySink.InMemory(), () -> check.accept(Call.of(context)))
            .onSuccess(
                body -> {
                  Call call = Call.of(context, body.content());
                  answer(context, vertx.executeBlocking(() -> endpoint.answer(call), false))
                      .onComplete(answered -> body.release().run());
                })
            .onFailure(failure -> fail(context, failure));
  }

  private Future<Answer> answer(RoutingContext context, Future<CompletionStage<Answer>> work) {
    return work.compose(stage -> Future.fromCompletionStage(stage, vertx.getOrCreateContext()))
        .onSuccess(answer -> responder.answer(context, answer))
        .onFailure(failure -> fail(context, failure));
  }

  private Handler<RoutingContext> health(String word, Health health) {
    return new HealthHandler(vertx, word, health, responder);
  }

  private void malformed(RoutingContext context) {
    fail(context, Problem.notHttp());
  }

  private void fail(RoutingContext context, Throwable failure) {
    responder.fail(context, failure);
  }
}
