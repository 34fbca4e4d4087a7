package dev.latentgauge.collector;

import static dev.latentgauge.collector.Observations.scored;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real Prometheus, in each of the formats that it asks for. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PrometheusTest {

  private final HttpClient http = HttpClient.newHttpClient();
  private final Set<String> answers = ConcurrentHashMap.newKeySet();
  private final List<Process> processes = new ArrayList<>();
  @TempDir private Path folder;
  private Collector collector;
  private HttpServer relay;

  @BeforeEach
  void start() throws IOException {
    collector = Collector.start(TestOptions.builder().build());
    Client client = new Client(collector.address());
    client.put("/v1/runs/a", "{\"model\":\"cnn\",\"tags\":{\"lr\":\"0.01\"}}");
    client.report("a", scored(7, 0.5));
    relay = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    relay.createContext("/", this::relay);
    relay.start();
  }

  @AfterEach
  void close() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    relay.stop(0);
    collector.close();
  }

  /** Passes a scrape on, and notes what came back. */
  private void relay(HttpExchange exchange) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(collector.address().resolve(exchange.getRequestURI()));
    for (String header : List.of("Accept", "Accept-Encoding")) {
      request.header(header, exchange.getRequestHeaders().getFirst(header));
    }
    try (exchange) {
      HttpResponse<byte[]> answer = http.send(request.build(), BodyHandlers.ofByteArray());
      for (String header : List.of("content-type", "content-encoding")) {
        String value = answer.headers().firstValue(header).orElse("none");
        exchange.getResponseHeaders().set(header, value);
        answers.add(value);
      }
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "exemplar-storage, application/openmetrics-text; version=1.0.0; charset=utf-8",
    "native-histograms, application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
        + " encoding=delimited",
  })
  void scrapesTheSameSeriesInWhateverFormatItPrefers(String feature, String format)
      throws Exception {
    URI prometheus = startPrometheus(feature);
    awaitUp(prometheus);
    assertThat(answers).containsExactlyInAnyOrder(format, "gzip");
    assertThat(values(prometheus, "latentgauge_score{run=\"a\",layer=\"encoder\"}"))
        .containsExactly("0.5");
    assertThat(values(prometheus, "latentgauge_run_info{tag_lr=\"0.01\"}")).containsExactly("1");
    assertThat(values(prometheus, "latentgauge_collector_observations_total")).containsExactly("1");
    assertThat(values(prometheus, "latentgauge_collector_scrape_duration_seconds_count"))
        .hasSize(1);
    assertThat(values(prometheus, "{__name__=~\".*_(created|gsum|total_total)\"}")).isEmpty();
    assertThat(names(prometheus)).contains("latentgauge_step", "jvm_threads_live_threads");
  }

  @Test
  void openMetricsHaveNoTimesOfCreationAndNoExemplars() {
    Client.Reply reply =
        new Client(collector.address())
            .get("/metrics", "Accept", "application/openmetrics-text;version=1.0.0");
    assertThat(reply.text()).endsWith("# EOF\n").doesNotContain("_created", "} # {");
  }

  private URI startPrometheus(String feature) throws IOException {
    Path configuration = folder.resolve("prometheus.yaml");
    Files.writeString(
        configuration,
        """
        global: {scrape_interval: 200ms, scrape_timeout: 200ms}
        scrape_configs:
          - job_name: latentgauge
            static_configs: [{targets: ["127.0.0.1:%d"]}]
        """
            .formatted(relay.getAddress().getPort()));
    int port = Ports.free();
    processes.add(
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                "--enable-feature=" + feature,
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start());
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The time limit of the test is the only one. */
  private void awaitUp(URI prometheus) throws InterruptedException {
    while (true) {
      try {
        if (values(prometheus, "latentgauge_score").size() == 1) {
          return;
        }
      } catch (IOException | IllegalStateException e) {
        Thread.onSpinWait(); // It is not listening yet, or not ready.
      }
    }
  }

  private List<String> values(URI prometheus, String query)
      throws IOException, InterruptedException {
    return StreamSupport.stream(
            get(prometheus, "/api/v1/query?query=" + encoded(query))
                .getAsJsonObject()
                .getAsJsonArray("result")
                .spliterator(),
            false)
        .map(found -> found.getAsJsonObject().getAsJsonArray("value").get(1).getAsString())
        .toList();
  }

  private Set<String> names(URI prometheus) throws IOException, InterruptedException {
    JsonArray names = get(prometheus, "/api/v1/label/__name__/values").getAsJsonArray();
    Set<String> sorted = new TreeSet<>();
    names.forEach(name -> sorted.add(name.getAsString()));
    return sorted;
  }

  private JsonElement get(URI prometheus, String path) throws IOException, InterruptedException {
    String answer =
        http.send(HttpRequest.newBuilder(prometheus.resolve(path)).build(), BodyHandlers.ofString())
            .body();
    if (!answer.startsWith("{")) {
      throw new IllegalStateException(answer);
    }
    return JsonParser.parseString(answer).getAsJsonObject().get("data");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
