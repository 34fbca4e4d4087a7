package dev.latentgauge.collector;

import dev.latentgauge.collector.exposition.Exposition;
import dev.latentgauge.collector.exposition.ProcessMeters;
import dev.latentgauge.collector.ingest.Ingest;
import dev.latentgauge.collector.ingest.Tally;
import dev.latentgauge.collector.run.RunRegistry;
import dev.latentgauge.collector.store.MemoryStore;
import dev.latentgauge.collector.store.Store;
import dev.latentgauge.collector.web.HttpApi;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
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

  private final CollectorOptions options;
  private final ProcessMeters meters;
  private final Vertx vertx;
  private final Store store;
  private final HttpServer server;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  private Collector(CollectorOptions options) {
    this.options = options;
    PrometheusRegistry prometheus = new PrometheusRegistry();
    Tally tally = new Tally();
    RunRegistry runs = new RunRegistry(options.linger());
    meters = new ProcessMeters(prometheus);
    vertx = vertx(meters);
    store = new MemoryStore(options.capacity(), runs);
    HttpApi api =
        new HttpApi(
            vertx,
            new HttpApi.Limits(options.bodyBytes(), options.bodyTime(), options.bodyBytesAtOnce()),
            new Ingest(store, tally, options.clock(), options.observationsPerReport()),
            store,
            new Exposition(vertx, prometheus, runs, tally, options.clock()),
            () -> !closing.get());
    server = vertx.createHttpServer(http(options)).requestHandler(api.router(Version.current()));
  }

  /**
   * Starts a collector, and waits until it accepts connections.
   *
   * @param options how it is set up
   * @return the collector
   * @throws IOException if it cannot listen where it should
   */
  public static Collector start(CollectorOptions options) throws IOException {
    Collector collector = new Collector(options);
    try {
      await(collector.server.listen());
    } catch (CompletionException e) {
      collector.release();
      throw new IOException(
          "cannot listen on " + options.host() + ":" + options.port() + ": " + reason(e), e);
    }
    LOG.info("runs are kept in memory, and forgotten when the collector ends");
    return collector;
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

  private static HttpServerOptions http(CollectorOptions options) {
    HttpServerOptions http = new HttpServerOptions();
    http.setHost(options.host());
    http.setPort(options.port());
    http.setIdleTimeout((int) options.idleTime().toSeconds());
    http.setHttp2ClearTextEnabled(false);
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
        "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + server.actualPort());
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
      store.close();
      await(vertx.close());
      meters.close();
    } finally {
      closed.complete(null);
    }
  }

  private static <T> void await(Future<T> future) {
    future.toCompletionStage().toCompletableFuture().join();
  }
}
