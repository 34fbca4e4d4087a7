package dev.latentgauge.collector;

import static dev.latentgauge.collector.Observations.scored;
import static dev.latentgauge.collector.Observations.undefined;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Prometheus, orchestrators and people read. */
class MetricsApiTest {

  private final MutableClock clock = new MutableClock();
  private Collector collector;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    collector =
        Collector.start(
            TestOptions.builder()
                .port(0)
                .linger(Duration.ofSeconds(30))
                .clock(clock)
                .stopwatch(clock)
                .build());
    client = new Client(collector.address());
  }

  @AfterEach
  void close() {
    collector.close();
  }

  @Test
  void promtoolAcceptsTheMetricsWithAndWithoutRuns() throws Exception {
    Promtool.assertAccepts(client.get("/metrics").text());
    client.put("/v1/runs/a", "{\"model\":\"cnn\",\"tags\":{\"lr\":\"0.01\",\"a.b\":\"\\n\"}}");
    client.put("/v1/runs/b", "{\"dataset\":\"trec\",\"tags\":{\"decay\":\"x\\\"y\"}}");
    client.report("a", scored(1, 0.5), undefined(1, "head", 1));
    client.report("b", scored(1, 0.5));
    client.post("/v1/runs/b/end", "{\"state\":\"failed\"}");
    client.report("b", scored(1, 0.25));
    String metrics = client.get("/metrics").text();
    assertThat(metrics).contains("latentgauge_score{", "jvm_", "vertx_", "process_");
    Promtool.assertAccepts(metrics);
  }

  @Test
  void theSeriesOfAnEndedRunLingerAndThenGo() {
    client.report("a", scored(1, 0.5));
    client.post("/v1/runs/a/end", "{\"state\":\"completed\"}");
    clock.pass(Duration.ofSeconds(29));
    assertThat(client.get("/metrics").text())
        .contains("run=\"a\"", "latentgauge_collector_runs{state=\"completed\"} 1.0\n");
    clock.pass(Duration.ofSeconds(1));
    assertThat(client.get("/metrics").text())
        .doesNotContain("run=\"a\"")
        .contains("latentgauge_collector_runs{state=\"completed\"} 0.0\n");
    assertThat(client.get("/v1/runs/a").status()).isEqualTo(200);
  }

  @Test
  void theSeriesOfADeletedRunGoAtOnce() {
    client.report("a", scored(1, 0.5));
    client.delete("/v1/runs/a");
    assertThat(client.get("/metrics").text()).doesNotContain("run=\"a\"");
  }

  @Test
  void whatIsToldOfTheHistoryAndOfTheProcessCanBeHadApart() {
    client.report("a", scored(1, 0.5));
    String history = client.get("/metrics?scope=history").text();
    String process = client.get("/metrics?scope=process").text();
    assertThat(history)
        .contains("latentgauge_score{", "latentgauge_collector_observations_total 1.0\n")
        .doesNotContain("jvm_", "vertx_", "latentgauge_collector_rejected_total");
    assertThat(process)
        .contains("jvm_", "vertx_", "latentgauge_collector_rejected_total{")
        .doesNotContain("run=\"a\"", "latentgauge_collector_observations_total");
    assertThat(lines(history + process)).isEqualTo(lines(client.get("/metrics").text()));
    assertThat(client.get("/metrics?scope=mine").text())
        .contains("scope must be one of [history, process], but is \\\"mine\\\"");
  }

  /** The names of the metrics that have a type. */
  private static Set<String> lines(String metrics) {
    return metrics.lines().filter(line -> line.startsWith("# TYPE")).collect(Collectors.toSet());
  }

  @Test
  void countsWhatItTakesAndRefuses() {
    client.report("a", scored(1, 0.5), scored(2, 0.5));
    client.report("a", scored(2, 0.5));
    client.report("a", scored(2, 0.25));
    client.post("/v1/runs/a/end", "{}");
    client.send("PUT", "/v1/runs/a", new byte[] {1});
    assertThat(client.get("/metrics").text())
        .contains(
            "latentgauge_collector_observations_total 2.0\n",
            "latentgauge_collector_rejected_total{reason=\"conflict\"} 1.0\n",
            "latentgauge_collector_rejected_total{reason=\"malformed\"} 1.0\n",
            "latentgauge_collector_rejected_total{reason=\"media_type\"} 1.0\n",
            "latentgauge_collector_rejected_total{reason=\"space\"} 0.0\n",
            "latentgauge_collector_runs{state=\"live\"} 1.0\n");
  }

  @Test
  void speaksOpenMetricsAndProtobufIfAskedTo() {
    client.report("a", scored(1, 0.5));
    Client.Reply open =
        client.get("/metrics", "Accept", "application/openmetrics-text;version=1.0.0");
    assertThat(open.header("content-type")).startsWith("application/openmetrics-text");
    assertThat(open.text())
        .contains("# TYPE latentgauge_run info\n", "latentgauge_run_info{")
        .endsWith("# EOF\n");
    Client.Reply binary =
        client.get(
            "/metrics",
            "Accept",
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
                + "encoding=delimited");
    assertThat(binary.header("content-type")).startsWith("application/vnd.google.protobuf");
    assertThat(client.get("/metrics").header("content-type")).startsWith("text/plain");
  }

  @Test
  void compressesIfAskedTo() throws IOException {
    Client.Reply reply = client.get("/metrics", "Accept-Encoding", "gzip");
    assertThat(reply.header("content-encoding")).isEqualTo("gzip");
    try (var plain = new GZIPInputStream(new ByteArrayInputStream(reply.response().body()))) {
      assertThat(new String(plain.readAllBytes(), StandardCharsets.UTF_8))
          .contains("latentgauge_collector_observations_total 0.0\n");
    }
    assertThat(client.get("/metrics").header("content-encoding")).isEmpty();
  }

  @Test
  void largeDocumentsAreCompressedIfThatIsAccepted() {
    for (String layer : new String[] {"a", "b", "c", "d", "e"}) {
      client.report("a", scored(1, layer, 1, 0.5));
    }
    String plain = client.get("/v1/runs/a").text();
    assertThat(plain).hasSizeGreaterThan(1024);
    Client.Reply compressed = client.get("/v1/runs/a", "Accept-Encoding", "gzip");
    assertThat(compressed.header("content-encoding")).isEqualTo("gzip");
    assertThat(compressed.response().body().length).isLessThan(plain.length() / 2);
    assertThat(compressed.text()).isEqualTo(plain);
    Client.Reply head = client.send("HEAD", "/v1/runs/a", new byte[0], "Accept-Encoding", "gzip");
    assertThat(head.header("content-length"))
        .isEqualTo(Integer.toString(compressed.response().body().length));
    assertThat(client.get("/v1/runs?limit=1", "Accept-Encoding", "br").header("content-encoding"))
        .isEmpty();
    assertThat(client.get("/health/live", "Accept-Encoding", "gzip").header("content-encoding"))
        .isEmpty();
  }

  @Test
  void clientsThatInventMethodsInventNoSeries() {
    client.send("BREW", "/metrics", new byte[0]);
    assertThat(client.get("/metrics").text()).contains("method=\"other\"").doesNotContain("BREW");
  }

  @Test
  void clientsThatInventPathsInventNoSeries() {
    client.get("/v1/runs/invented");
    client.get("/v1/invented");
    client.get("/v1/runs/invented/observations?limit=invented");
    assertThat(client.get("/metrics").text())
        .contains("code=\"404\",method=\"GET\",route=\"/v1/runs/:run\"")
        .contains("vertx_http_server_response_time_seconds_count{", "vertx_pool_queue_pending{")
        .contains("vertx_http_server_active_connections ")
        .doesNotContain("invented");
  }

  @Test
  void tellsItsVersionAndHowLateItIs() {
    assertThat(client.get("/metrics").text())
        .contains(
            "latentgauge_collector_build_info{version=\"" + Version.current() + "\"} 1\n",
            "latentgauge_collector_event_loop_delay_seconds_count ");
  }

  @Test
  void headAnswersAsGetWouldWithoutTheBody() {
    for (String path : new String[] {"/", "/v1/runs", "/health/live", "/health/ready"}) {
      Client.Reply get = client.get(path);
      Client.Reply head = client.send("HEAD", path, new byte[0]);
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.response().body()).isEmpty();
      assertThat(head.header("content-length")).isEqualTo(get.header("content-length"));
      assertThat(head.header("content-type")).isEqualTo(get.header("content-type"));
    }
    assertThat(client.send("HEAD", "/metrics", new byte[0]).status()).isEqualTo(200);
    assertThat(client.send("HEAD", "/v1/runs/a", new byte[0]).status()).isEqualTo(404);
  }

  @Test
  void isLiveAndReadyOnceStarted() {
    assertThat(client.get("/health/live").text())
        .isEqualTo(
            "{\"live\":true,\"checks\":[{\"name\":\"workers\",\"state\":\"ok\"},{\"name\":\"threads\",\"state\":\"ok\"}]}\n");
    assertThat(client.get("/health/ready").text())
        .isEqualTo(
            "{\"ready\":true,\"checks\":[{\"name\":\"data\",\"state\":\"ok\"},{\"name\":\"history\",\"state\":\"ok\"},{\"name\":\"scoring\",\"state\":\"ok\"}]}\n");
  }
}
