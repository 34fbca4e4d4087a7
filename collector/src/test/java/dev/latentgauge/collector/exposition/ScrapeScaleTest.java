package dev.latentgauge.collector.exposition;

import static dev.latentgauge.collector.Observations.scoredAnd;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.MutableClock;
import dev.latentgauge.collector.run.Run;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunInfo;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** As many live runs as a collector takes unless told otherwise, with five layers each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class ScrapeScaleTest {

  private static final int RUNS = 10_000;
  private static final int LAYERS = 5;

  private final MutableClock clock = new MutableClock();
  private Exposed exposed;

  @BeforeAll
  void open(@TempDir Path folder) throws IOException {
    exposed = new Exposed(folder, new PrometheusRegistry(), clock);
    for (int i = 0; i < RUNS; i++) {
      exposed
          .runs()
          .changed(
              Run.registered(RunInfo.named("run-" + i).tag("lr", "0." + i), clock.instant())
                  .observed(
                      IntStream.range(0, LAYERS).mapToObj(ScrapeScaleTest::observation).toList()));
    }
  }

  private static Observation observation(int layer) {
    return scoredAnd(1, "blocks." + layer, 7, 0.5).epoch(0.5).build();
  }

  @AfterAll
  void close() {
    exposed.close();
  }

  @Test
  void allAreScrapedAsText() throws IOException {
    assertThat(lines(scrape(null, false))).containsAllEntriesOf(expected());
  }

  @Test
  void allAreScrapedAsCompressedOpenMetrics() throws IOException {
    try (InputStream plain = new GZIPInputStream(scrape("application/openmetrics-text", true))) {
      assertThat(lines(plain)).containsAllEntriesOf(expected());
    }
  }

  @Test
  void allAreScrapedAsProtobuf() throws IOException {
    Map<String, Integer> series = new HashMap<>();
    try (InputStream in =
        scrape(
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
                + "encoding=delimited",
            false)) {
      for (int length = varint(in); length >= 0; length = varint(in)) {
        count(in.readNBytes(length), series);
      }
    }
    assertThat(series).containsAllEntriesOf(expected());
  }

  private static Map<String, Integer> expected() {
    return Map.of(
        "latentgauge_score",
        RUNS * LAYERS,
        "latentgauge_last_observation_timestamp_seconds",
        RUNS * LAYERS,
        "latentgauge_undefined_measurements_total",
        RUNS * LAYERS,
        "latentgauge_step",
        RUNS,
        "latentgauge_run_info",
        RUNS,
        "latentgauge_agent_dropped_reports_total",
        RUNS);
  }

  private InputStream scrape(@Nullable String accept, boolean gzip) {
    List<InputStream> pieces =
        exposed
            .exposition()
            .render(accept, gzip, Selection.ALL)
            .toCompletionStage()
            .toCompletableFuture()
            .join()
            .body()
            .stream()
            .<InputStream>map(piece -> new ByteArrayInputStream(piece.getBytes()))
            .toList();
    return new SequenceInputStream(Collections.enumeration(pieces));
  }

  private static Map<String, Integer> lines(InputStream text) throws IOException {
    Map<String, Integer> series = new HashMap<>();
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.startsWith("#")) {
          series.merge(line.replaceFirst("[{ ].*", ""), 1, Integer::sum);
        }
      }
    }
    return series;
  }

  /** Counts the fields 4 (metric) of a MetricFamily, of which field 1 is the name. */
  private static void count(byte[] family, Map<String, Integer> series) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(family);
    String name = "";
    int metrics = 0;
    for (int tag = varint(in); tag >= 0; tag = varint(in)) {
      if ((tag & 7) == 0) {
        varint(in);
        continue;
      }
      byte[] content = in.readNBytes(varint(in));
      if (tag >> 3 == 1) {
        name = new String(content, StandardCharsets.UTF_8);
      } else if (tag >> 3 == 4) {
        metrics++;
      }
    }
    series.put(name, metrics);
  }

  /** A number as protobuf writes it; -1 at the end. */
  private static int varint(InputStream in) throws IOException {
    int number = 0;
    for (int shift = 0; ; shift += 7) {
      int octet = in.read();
      if (octet < 0) {
        return -1;
      }
      number |= (octet & 0x7f) << shift;
      if (octet < 0x80) {
        return number;
      }
    }
  }
}
