package dev.latentgauge.collector;

import dev.latentgauge.collector.access.CertificateWatch;
import dev.latentgauge.collector.access.Doorkeeper;
import dev.latentgauge.collector.access.RateLimits;
import dev.latentgauge.collector.access.TokenFile;
import dev.latentgauge.collector.bus.Bus;
import dev.latentgauge.collector.event.EventReaders;
import dev.latentgauge.collector.exposition.EventLoopDelay;
import dev.latentgauge.collector.exposition.Exposition;
import dev.latentgauge.collector.exposition.ProcessFamilies;
import dev.latentgauge.collector.exposition.ProcessMeters;
import dev.latentgauge.collector.exposition.Sources;
import dev.latentgauge.collector.health.Deadlocks;
import dev.latentgauge.collector.health.Health;
import dev.latentgauge.collector.ingest.Ingest;
import dev.latentgauge.collector.ingest.Tally;
import dev.latentgauge.collector.reference.ReferenceFolder;
import dev.latentgauge.collector.reference.ReferenceLibrary;
import dev.latentgauge.collector.run.RunListener;
import dev.latentgauge.collector.run.RunListeners;
import dev.latentgauge.collector.run.RunRegistry;
import dev.latentgauge.collector.scoring.Comparisons;
import dev.latentgauge.collector.scoring.Scoring;
import dev.latentgauge.collector.stopping.StopPolicies;
import dev.latentgauge.collector.store.Database;
import dev.latentgauge.collector.store.ReferenceFiles;
import dev.latentgauge.collector.store.SqlStore;
import dev.latentgauge.collector.store.Store;
import dev.latentgauge.collector.store.StoreException;
import dev.latentgauge.collector.web.BodyLimits;
import dev.latentgauge.collector.web.Connections;
import dev.latentgauge.collector.web.FrontDoor;
import dev.latentgauge.collector.web.HttpApi;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.ext.web.Router;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A collector that listens.
 *
 * <p>Thread-safe. It runs on threads of its own until it is closed.
 */
public final class Collector implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Collector.class);

  /** How long an end waits for what is done now and then. */
  private static final Duration LAST_ROUND = Duration.ofMillis(300);

  private static final Duration HOUSEKEEPING_INTERVAL = Duration.ofSeconds(5);

  /** Less than those who ask are patient: of Kubernetes' probes, three seconds. */
  private static final Duration HEALTH_BOUND = Duration.ofSeconds(2);

  /** How often token file and certificate are looked at. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** How old may be what is told of what other collectors have changed. */
  private static final Duration FOLLOW_INTERVAL = Duration.ofMillis(250);

  /** How old the counts of what policies decided may be, and the copies of shared references. */
  private static final Duration REFRESH_INTERVAL = Duration.ofSeconds(1);

  private static final int MOST_REFERENCES = 10_000;

  /** How much of a body is handed on at once: of a large one each piece is a write to the disk. */
  private static final int PIECE_BYTES = 1 << 16;

  private final CollectorOptions options;
  private final ProcessMeters meters;
  private final Vertx vertx;
  private final DataFolder data;
  private final EventReaders events;
  private final Store store;
  private final ReferenceLibrary references;
  private final Housekeeping housekeeping;
  private final StopPolicies policies;
  private final Scoring scoring;
  private final Optional<Bus> bus;
  private final Router router;
  private final Doorkeeper doorkeeper;
  private final Optional<CertificateWatch> certificate;
  private final HttpServer server;
  private final Health live = new Health(HEALTH_BOUND);
  private final Health ready = new Health(HEALTH_BOUND);
  private final List<Rounds> rounds = new CopyOnWriteArrayList<>();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CompletableFuture<Boolean> closed = new CompletableFuture<>();

  private Collector(CollectorOptions options, DataFolder data) throws IOException {
    this.options = options;
    this.data = data;
    doorkeeper =
        Doorkeeper.open(
            options.access(),
            options.host(),
            TokenFile.at(data.layout().tokens()),
            options.scoring().places(),
            options.clock(),
            options.stopwatch());
    PrometheusRegistry prometheus = new PrometheusRegistry();
    Tally tally = new Tally();
    RunRegistry runs = new RunRegistry(options.linger(), options.clock(), options.stopwatch());
    meters = new ProcessMeters(prometheus);
    vertx = vertx(meters);
    certificate = certificate(options, vertx);
    events =
        new EventReaders(
            vertx, options.events().within(options.idleTime()), HttpApi::document, options.clock());
    store = openStore(new RunListeners(runs, events));
    housekeeping =
        new Housekeeping(
            store,
            runs,
            options.lostAfter(),
            options.keep(),
            options.capacity().bytes(),
            options.clock(),
            options.stopwatch());
    references = openReferences();
    expose(prometheus);
    policies = new StopPolicies(store);
    policies.refresh();
    Ingest ingest =
        new Ingest(store, policies, tally, options.clock(), options.observationsPerReport());
    scoring =
        new Scoring(
            options.scoring(),
            references,
            ingest,
            store,
            options.engine(),
            options.clock(),
            options.stopwatch());
    bus =
        options
            .bus()
            .map(place -> new Bus(place, ingest, store, options.bodyBytes(), options.stopwatch()));
    HttpApi api =
        new HttpApi(
            vertx,
            new BodyLimits(options.bodyBytes(), options.bodyBytesAtOnce(), options.bodyTime()),
            options.uploads(),
            data.layout().uploads(),
            ingest,
            store,
            references,
            scoring,
            new Comparisons(store, scoring, options.scoring()),
            policies,
            new Exposition(
                vertx,
                prometheus,
                options.metrics(),
                new Sources(runs, store, policies, tally, scoring, events, bus),
                options.stopwatch()),
            events,
            doorkeeper,
            live,
            ready);
    addChecks();
    router = api.router(Version.current());
    Connections connections = connections(options, vertx, ingest);
    server = server(api.front(router, connections), connections);
  }

  /** What the process says of itself, whatever it does. */
  private void expose(PrometheusRegistry prometheus) {
    options.meters().bindTo(meters.registry());
    EventLoopDelay delay =
        EventLoopDelay.of(vertx, vertx.getOrCreateContext(), options.stopwatch());
    prometheus.register(new ProcessFamilies(Version.current(), delay));
  }

  private void addChecks() {
    live.add("workers", this::workersAnswer).add("threads", Deadlocks::complaint);
    ready
        .add("data", this::dataIsWritable)
        .add("history", () -> store.trouble().map(StoreException::getMessage))
        .add("scoring", scoring::complaint);
  }

  private HttpServer server(FrontDoor front, Connections connections) {
    return vertx
        .createHttpServer(http(options, certificate))
        .connectionHandler(connections)
        .invalidRequestHandler(front::refuse)
        .requestHandler(front);
  }

  private Store openStore(RunListener listener) throws IOException {
    try {
      return SqlStore.open(
          options.database().orElseGet(() -> Database.sqlite(data.layout().history())),
          options.capacity(),
          listener,
          () -> options.clock().instant().minus(options.linger()),
          options.stopwatch());
    } catch (IOException | RuntimeException | Error e) {
      vertx.close();
      throw e;
    }
  }

  private ReferenceLibrary openReferences() throws IOException {
    try {
      Optional<ReferenceFiles> shared = store.sharedReferences();
      return shared.isPresent()
          ? openSharedReferences(shared.get())
          : ReferenceLibrary.open(data.layout().references(), MOST_REFERENCES);
    } catch (IOException | RuntimeException | Error e) {
      store.close();
      vertx.close();
      throw e;
    }
  }

  private ReferenceLibrary openSharedReferences(ReferenceFiles shared) throws IOException {
    Path unused = data.layout().references();
    if (ReferenceFolder.hasAny(unused)) {
      LOG.warn(
          "references in {} are not used, but those in the database: PUT them there to use them",
          unused);
    }
    try {
      return ReferenceLibrary.shared(
          data.layout().referenceCopies(), MOST_REFERENCES, shared, options.stopwatch());
    } catch (StoreException e) {
      throw new IOException("cannot copy the references: " + e.getMessage(), e);
    }
  }

  private static Optional<CertificateWatch> certificate(CollectorOptions options, Vertx vertx)
      throws IOException {
    try {
      return options.access().tls().isEmpty()
          ? Optional.empty()
          : Optional.of(
              CertificateWatch.open(options.access().tls().orElseThrow(), vertx, options.clock()));
    } catch (IOException e) {
      vertx.close();
      throw e;
    }
  }

  private static Connections connections(CollectorOptions options, Vertx vertx, Ingest ingest) {
    RateLimits limits = options.access().limits();
    boolean isOneAddressEverybody = options.access().behindProxy();
    return new Connections(
        vertx,
        limits.connections(),
        isOneAddressEverybody ? limits.connections() : (limits.connections() + 1) / 2,
        options.idleTime(),
        ingest::refused);
  }

  /**
   * Starts a collector, and waits until it accepts connections.
   *
   * @param options how it is set up
   * @return the collector
   * @throws IOException if it cannot listen where it should, or keep files where it should
   */
  public static Collector start(CollectorOptions options) throws IOException {
    Collector collector = open(options);
    try {
      await(collector.server.listen());
    } catch (CompletionException e) {
      collector.release(Closing.Times.of(Duration.ZERO, options.shutdownDeadline()));
      throw new IOException(
          "cannot listen on " + options.host() + ":" + options.port() + ": " + reason(e), e);
    }
    LOG.info("data are kept in {}", options.data().toAbsolutePath());
    collector.scoring.warmUp();
    collector.beginRounds();
    collector.bus.ifPresent(Bus::start);
    return collector;
  }

  private void beginRounds() {
    rounds.add(Rounds.begin(vertx, HOUSEKEEPING_INTERVAL, housekeeping::round));
    rounds.add(Rounds.begin(vertx, LOOK, this::look));
    rounds.add(Rounds.begin(vertx, FOLLOW_INTERVAL, this::follow));
    rounds.add(Rounds.begin(vertx, REFRESH_INTERVAL, policies::refresh));
    rounds.add(Rounds.begin(vertx, REFRESH_INTERVAL, this::refreshReferences));
  }

  /** Hears of what other collectors that share the history have changed. */
  private void follow() {
    try {
      store.follow().toCompletableFuture().join();
    } catch (CompletionException e) {
      LOG.debug("what other collectors have changed cannot be told now", e);
    }
  }

  private void refreshReferences() {
    try {
      references.refresh();
    } catch (StoreException e) {
      LOG.debug("references cannot be copied now", e);
    }
  }

  /** Follows the files that say who is let in, and as whom the collector shows itself. */
  private void look() {
    doorkeeper.refresh();
    certificate.flatMap(CertificateWatch::changed).ifPresent(this::use);
  }

  private void use(ServerSSLOptions options) {
    server
        .updateSSLOptions(options)
        .onFailure(failure -> LOG.error("TLS goes on as before: {}", failure.getMessage()));
  }

  private static Collector open(CollectorOptions options) throws IOException {
    DataFolder data = DataFolder.open(options.data());
    try {
      return new Collector(options, data);
    } catch (IOException | RuntimeException | Error e) {
      data.close();
      throw e;
    }
  }

  private static String reason(CompletionException failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return String.valueOf(cause.getMessage()).strip();
  }

  private static Vertx vertx(ProcessMeters meters) {
    MicrometerMetricsOptions metrics =
        new MicrometerMetricsOptions()
            .setEnabled(true)
            .setRegistryName("latentgauge-" + UUID.randomUUID())
            .addDisabledMetricsCategory(MetricsDomain.EVENT_BUS)
            // Of requests the pattern of the path, never the path, which clients choose.
            .setLabels(
                EnumSet.of(
                    Label.HTTP_METHOD,
                    Label.HTTP_CODE,
                    Label.HTTP_ROUTE,
                    Label.POOL_TYPE,
                    Label.POOL_NAME));
    VertxOptions options =
        new VertxOptions()
            .setMetricsOptions(metrics)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setClassPathResolvingEnabled(false)
                    .setFileCachingEnabled(false));
    return Vertx.builder()
        .with(options)
        .withMetrics(new MicrometerMetricsFactory(meters.registry()))
        .build();
  }

  private static HttpServerOptions http(
      CollectorOptions options, Optional<CertificateWatch> certificate) {
    HttpServerOptions http = new HttpServerOptions();
    http.setHost(options.host());
    http.setPort(options.port());
    http.setIdleTimeout((int) options.idleTime().toSeconds());
    http.setMaxChunkSize(PIECE_BYTES);
    http.setHttp2ClearTextEnabled(false);
    certificate
        .map(CertificateWatch::options)
        .ifPresent(
            tls -> {
              // Without ALPN there is no HTTP/2: one protocol less to guard.
              http.setSsl(true).setUseAlpn(false);
              http.setKeyCertOptions(tls.getKeyCertOptions());
              http.setEnabledSecureTransportProtocols(tls.getEnabledSecureTransportProtocols());
            });
    return http;
  }

  /**
   * Where it listens.
   *
   * @return an address with the port that was picked
   */
  public URI address() {
    String host = options.host();
    return URI.create(
        (certificate.isPresent() ? "https" : "http")
            + "://"
            + (host.contains(":") ? "[" + host + "]" : host)
            + ":"
            + server.actualPort());
  }

  /** What it answers, see {@link HttpApi#operations}. */
  List<String> operations() {
    return HttpApi.operations(router);
  }

  /** Fails to come back where all worker threads are taken. */
  private Optional<String> workersAnswer() {
    await(vertx.executeBlocking(() -> true, false));
    return Optional.empty();
  }

  private Optional<String> dataIsWritable() throws IOException {
    data.tryOut();
    return Optional.empty();
  }

  /**
   * Waits until the collector is closed.
   *
   * @return whether it let go of everything in time
   */
  public boolean awaitClose() {
    return closed.join();
  }

  /**
   * Says that it is not ready, accepts requests for as long as the delay lasts, finishes those that
   * are under way, and lets go of everything; all within the deadline, at which slow clients are
   * cut off.
   */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      awaitClose();
      return;
    }
    ready.end("accepting", "the collector is shutting down");
    Closing.Times times = Closing.Times.of(options.shutdownDelay(), options.shutdownDeadline());
    LOG.info("closing, within {} s", options.shutdownDeadline().toSeconds());
    after(times.delay()).join();
    release(times);
    LOG.info("closed");
  }

  private void release(Closing.Times times) {
    Closing all = new Closing();
    CompletableFuture<Void> patience = after(times.requests().minus(times.step().dividedBy(2)));
    all.step("the server", times.requests().plus(times.step()), () -> finishRequests(times));
    if (patience.isDone()) {
      LOG.warn("requests that were still under way were cut off");
    }
    all.step("the bus", times.step(), () -> bus.ifPresent(Bus::close));
    all.step("scoring", times.step(), scoring::close);
    all.step("the store", times.step(), this::closeStore);
    all.step("the event loop", times.step(), () -> await(vertx.close()));
    all.step("metrics and data", times.step(), this::releaseRest);
    closed.complete(all.isComplete());
  }

  /** Readers of events would stay for ever. */
  private void finishRequests(Closing.Times times) {
    events.close();
    await(server.shutdown(times.requests().toMillis(), TimeUnit.MILLISECONDS));
  }

  /** Housekeeping has no business in a store that is closed; but it may hang in it. */
  private void closeStore() {
    CompletableFuture.runAsync(() -> rounds.forEach(Rounds::close))
        .completeOnTimeout(null, LAST_ROUND.toMillis(), TimeUnit.MILLISECONDS)
        .join();
    policies.close();
    store.close();
  }

  private void releaseRest() throws IOException {
    meters.close();
    data.close();
  }

  private static CompletableFuture<Void> after(Duration time) {
    return new CompletableFuture<Void>()
        .completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static <T> void await(Future<T> future) {
    future.toCompletionStage().toCompletableFuture().join();
  }
}
