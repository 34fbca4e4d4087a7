package dev.latentgauge.collector;

import dev.latentgauge.collector.access.CertificateWatch;
import dev.latentgauge.collector.access.Doorkeeper;
import dev.latentgauge.collector.access.RateLimits;
import dev.latentgauge.collector.access.TokenFile;
import dev.latentgauge.collector.exposition.Exposition;
import dev.latentgauge.collector.exposition.ProcessMeters;
import dev.latentgauge.collector.ingest.Ingest;
import dev.latentgauge.collector.ingest.Tally;
import dev.latentgauge.collector.reference.ReferenceLibrary;
import dev.latentgauge.collector.run.RunRegistry;
import dev.latentgauge.collector.scoring.Scoring;
import dev.latentgauge.collector.store.MemoryStore;
import dev.latentgauge.collector.store.Store;
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
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final int MOST_REFERENCES = 10_000;

  /** How often token file and certificate are looked at. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final CollectorOptions options;
  private final ProcessMeters meters;
  private final Vertx vertx;
  private final DataFolder data;
  private final Store store;
  private final Scoring scoring;
  private final Doorkeeper doorkeeper;
  private final Optional<CertificateWatch> certificate;
  private final HttpServer server;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  private Collector(CollectorOptions options, DataFolder data) throws IOException {
    this.options = options;
    this.data = data;
    doorkeeper =
        Doorkeeper.open(
            options.access(),
            options.host(),
            TokenFile.at(data.tokens()),
            options.scoring().places(),
            options.clock());
    ReferenceLibrary references = ReferenceLibrary.open(data.references(), MOST_REFERENCES);
    PrometheusRegistry prometheus = new PrometheusRegistry();
    Tally tally = new Tally();
    RunRegistry runs = new RunRegistry(options.linger());
    meters = new ProcessMeters(prometheus);
    vertx = vertx(meters);
    certificate = certificate(options, vertx);
    store = new MemoryStore(options.capacity(), runs);
    Ingest ingest = new Ingest(store, tally, options.clock(), options.observationsPerReport());
    scoring =
        new Scoring(
            options.scoring(), references, ingest, store, options.engine(), options.clock());
    HttpApi api =
        new HttpApi(
            vertx,
            new BodyLimits(options.bodyBytes(), options.bodyBytesAtOnce(), options.bodyTime()),
            options.uploads(),
            data.uploads(),
            ingest,
            store,
            references,
            scoring,
            new Exposition(vertx, prometheus, runs, tally, scoring, options.clock()),
            doorkeeper,
            () -> !closing.get());
    Connections connections = connections(options, vertx, ingest);
    FrontDoor front = api.front(Version.current(), connections);
    server =
        vertx
            .createHttpServer(http(options, certificate))
            .connectionHandler(connections)
            .invalidRequestHandler(front::refuse)
            .requestHandler(front);
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
      collector.release();
      throw new IOException(
          "cannot listen on " + options.host() + ":" + options.port() + ": " + reason(e), e);
    }
    LOG.info(
        "references are kept in {}, runs in memory, to be forgotten when the collector ends",
        options.data().toAbsolutePath());
    collector.scoring.warmUp();
    collector.watch();
    return collector;
  }

  /** Follows the files that say who is let in, and as whom the collector shows itself. */
  private void watch() {
    vertx.setPeriodic(
        LOOK.toMillis(),
        time ->
            vertx.executeBlocking(
                () -> {
                  doorkeeper.refresh();
                  certificate.flatMap(CertificateWatch::changed).ifPresent(this::use);
                  return true;
                }));
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
            .addDisabledMetricsCategory(MetricsDomain.EVENT_BUS);
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

  /** Waits until the collector is closed. */
  public void awaitClose() {
    closed.join();
  }

  /** Stops accepting, finishes the requests that are under way, and lets go of everything. */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      awaitClose();
      return;
    }
    release();
    LOG.info("closed");
  }

  private void release() {
    try {
      await(server.shutdown(GRACE.toSeconds(), TimeUnit.SECONDS));
      scoring.close();
      store.close();
      await(vertx.close());
      meters.close();
      data.close();
    } catch (IOException e) {
      LOG.warn("the data folder is not let go of: {}", e.getMessage());
    } finally {
      closed.complete(null);
    }
  }

  private static <T> void await(Future<T> future) {
    future.toCompletionStage().toCompletableFuture().join();
  }
}
