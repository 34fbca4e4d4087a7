package dev.latentgauge.collector.exposition;

import dev.latentgauge.collector.event.EventReaders;
import dev.latentgauge.collector.ingest.Durations;
import dev.latentgauge.collector.ingest.Tally;
import dev.latentgauge.collector.run.RunRegistry;
import dev.latentgauge.collector.scoring.Scoring;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Renders the metrics.
 *
 * <p>That takes a second for half a million series, so it happens on a worker thread, and scrapes
 * that ask for the same while it is under way get the same. Thread-safe.
 */
public final class Exposition {

  private final Vertx vertx;
  private final PrometheusRegistry registry;
  private final InstantSource clock;
  private final Durations times = new Durations();
  private final ExpositionFormats formats = ExpositionFormats.init();
  private final Map<Variant, Future<Rendering>> underWay = new HashMap<>();

  private record Variant(ExpositionFormatWriter writer, boolean gzip) {}

  /**
   * Puts the collector's metrics beside those that are in the registry.
   *
   * @param vertx lends the worker threads
   * @param registry what is exposed
   * @param runs the runs that are shown
   * @param tally what came in
   * @param scoring what is being scored, and against how many references
   * @param events who reads events
   * @param clock says which ended runs still linger, and times the scrapes
   */
  public Exposition(
      Vertx vertx,
      PrometheusRegistry registry,
      RunRegistry runs,
      Tally tally,
      Scoring scoring,
      EventReaders events,
      InstantSource clock) {
    this.vertx = vertx;
    this.registry = registry;
    this.clock = clock;
    registry.register(new CollectorFamilies(runs, tally, scoring, events, times, clock));
  }

  /**
   * Renders all metrics, or joins a rendering that is under way.
   *
   * @param accept the header {@code Accept} of the request: text, OpenMetrics or protobuf
   * @param gzip whether to compress
   * @return the rendering
   */
  public synchronized Future<Rendering> render(@Nullable String accept, boolean gzip) {
    Variant variant = new Variant(formats.findWriter(accept), gzip);
    Future<Rendering> running = underWay.get(variant);
    if (running != null) {
      return running;
    }
    Future<Rendering> started = vertx.executeBlocking(() -> render(variant), false);
    underWay.put(variant, started);
    started.onComplete(done -> finished(variant));
    return started;
  }

  private synchronized void finished(Variant variant) {
    underWay.remove(variant);
  }

  private Rendering render(Variant variant) throws IOException {
    Instant start = clock.instant();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = variant.gzip ? new GZIPOutputStream(bytes, 8192) : bytes) {
      variant.writer.write(out, registry.scrape());
    }
    Rendering rendering =
        new Rendering(
            variant.writer.getContentType(), variant.gzip, Buffer.buffer(bytes.toByteArray()));
    times.add(Duration.between(start, clock.instant()));
    return rendering;
  }
}
