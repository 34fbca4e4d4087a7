package dev.latentgauge.collector.exposition;

import dev.latentgauge.collector.store.StoreException;
import dev.latentgauge.collector.time.Durations;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Renders the metrics.
 *
 * <p>That takes a second for half a million series, so it happens on threads of its own, two at a
 * time. Scrapes that come while a snapshot is being collected share it, whatever format they want;
 * those that ask for the same while it is being rendered get the same. Not so where other
 * collectors share the history: one of them may have told something newer since the snapshot was
 * begun. Thread-safe.
 */
public final class Exposition {

  private static final int THREADS = 2;

  private final WorkerExecutor threads;
  private final PrometheusRegistry registry;
  private final Sources sources;
  private final InstantSource stopwatch;
  private final Durations times = new Durations();
  private final ExpositionFormats formats = ExpositionFormats.init();
  private final Map<Variant, Future<Rendering>> underWay = new HashMap<>();
  private Optional<Future<Snapshot>> collecting = Optional.empty();

  private record Variant(ExpositionFormatWriter writer, boolean gzip, Selection selection) {}

  /**
   * All metrics at one moment.
   *
   * @param isCurrent whether those of the history are no older
   * @param took how long it took to collect them
   */
  private record Snapshot(MetricSnapshots metrics, boolean isCurrent, Duration took) {}

  /**
   * Puts the collector's metrics beside those that are in the registry.
   *
   * @param vertx lends the worker threads
   * @param registry what is exposed
   * @param choice which metrics of runs are exposed
   * @param sources what is told of the collector and its runs
   * @param stopwatch times the scrapes
   */
  public Exposition(
      Vertx vertx,
      PrometheusRegistry registry,
      MetricChoice choice,
      Sources sources,
      InstantSource stopwatch) {
    this.threads = vertx.createSharedWorkerExecutor("scrape", THREADS);
    this.registry = registry;
    this.sources = sources;
    this.stopwatch = stopwatch;
    registry.register(new CollectorFamilies(sources, choice, times));
  }

  /**
   * Renders metrics, or joins a rendering that is under way.
   *
   * @param accept the header {@code Accept} of the request: text, OpenMetrics or protobuf
   * @param gzip whether to compress
   * @param selection which metrics are wanted
   * @return the rendering; fails with a {@link StoreException} if the history alone is wanted, and
   *     it cannot be said how that is now
   */
  public synchronized Future<Rendering> render(
      @Nullable String accept, boolean gzip, Selection selection) {
    Variant variant = new Variant(formats.findWriter(accept), gzip, selection);
    if (sources.mayChangeElsewhere()) {
      return threads.executeBlocking(() -> render(variant, collect()), false);
    }
    Future<Rendering> running = underWay.get(variant);
    if (running != null) {
      return running;
    }
    Future<Rendering> started =
        snapshot()
            .compose(snapshot -> threads.executeBlocking(() -> render(variant, snapshot), false));
    underWay.put(variant, started);
    started.onComplete(done -> finished(variant));
    return started;
  }

  private synchronized void finished(Variant variant) {
    underWay.remove(variant);
  }

  private Future<Snapshot> snapshot() {
    if (collecting.isPresent()) {
      return collecting.get();
    }
    Future<Snapshot> started = threads.executeBlocking(this::collect, false);
    collecting = Optional.of(started);
    started.onComplete(done -> collected());
    return started;
  }

  private synchronized void collected() {
    collecting = Optional.empty();
  }

  private Snapshot collect() {
    Instant start = stopwatch.instant();
    boolean isCurrent = sources.catchUp();
    MetricSnapshots metrics = registry.scrape();
    return new Snapshot(metrics, isCurrent, Duration.between(start, stopwatch.instant()));
  }

  private Rendering render(Variant variant, Snapshot snapshot) throws IOException {
    if (variant.selection.isOfTheHistory() && !snapshot.isCurrent) {
      throw new StoreException(
          StoreException.Kind.UNAVAILABLE,
          "how the history is now cannot be said, as it does not answer: ask another collector");
    }
    Instant start = stopwatch.instant();
    Pieces pieces = new Pieces();
    try (OutputStream out = variant.gzip ? new FastGzip(pieces) : pieces) {
      variant.writer.write(out, chosen(snapshot.metrics, variant.selection));
    }
    times.add(snapshot.took.plus(Duration.between(start, stopwatch.instant())));
    return new Rendering(variant.writer.getContentType(), variant.gzip, pieces.all());
  }

  private static MetricSnapshots chosen(MetricSnapshots all, Selection selection) {
    return new MetricSnapshots(all.stream().filter(selection::has).toList());
  }

  /** Takes a third of the usual level's time; the answer is a tenth longer. */
  private static final class FastGzip extends GZIPOutputStream {

    private static final int LEVEL = 3;
    private static final int BUFFER = 8192;

    FastGzip(OutputStream out) throws IOException {
      super(out, BUFFER);
      def.setLevel(LEVEL);
    }
  }
}
