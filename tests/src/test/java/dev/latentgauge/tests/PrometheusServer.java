package dev.latentgauge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.latentgauge.collector.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** A real Prometheus, or another server that answers its queries. */
public final class PrometheusServer {

  private static final Path PUBLISHED = Path.of("dashboards", "prometheus");

  private final HttpClient client = HttpClient.newHttpClient();
  private final String address;

  /**
   * A server that runs already.
   *
   * @param address such as {@code http://127.0.0.1:9090}
   */
  public PrometheusServer(String address) {
    this.address = address;
  }

  /** How often it scrapes, and how often it evaluates the rules. */
  public enum Pace {
    /** As users have it. */
    PUBLISHED("15s", "interval: 1m"),
    /** Several times a second, for tests. */
    FAST("250ms", "interval: 250ms");

    private final String scrapes;
    private final String rules;

    Pace(String scrapes, String rules) {
      this.scrapes = scrapes;
      this.rules = rules;
    }
  }

  /**
   * Starts a Prometheus by a configuration of the dashboards, with their rules.
   *
   * @param folder where it keeps its data
   * @param configuration the name of the file
   * @param changes what else stands in the place of what in it
   */
  public static PrometheusServer start(
      Processes processes,
      Path folder,
      String configuration,
      Pace pace,
      String collector,
      Map<String, String> changes)
      throws IOException {
    String changed =
        replaced(
            published(configuration),
            Map.of(
                "127.0.0.1:9475",
                URI.create(collector).getAuthority(),
                Pace.PUBLISHED.scrapes,
                pace.scrapes));
    Path file = folder.resolve(configuration);
    Files.writeString(file, replaced(changed, changes));
    for (String rules : List.of("recording.yaml", "alerts.yaml")) {
      Files.writeString(
          folder.resolve(rules),
          replaced(published(rules), Map.of(Pace.PUBLISHED.rules, pace.rules)));
    }
    String address = "127.0.0.1:" + Ports.free();
    Process process =
        processes.start(
            "prometheus",
            "prometheus",
            "--config.file=" + file,
            "--storage.tsdb.path=" + folder.resolve("tsdb"),
            "--web.listen-address=" + address);
    processes.awaitPrinted("prometheus", process, "(Server is ready to receive web requests)");
    return new PrometheusServer("http://" + address);
  }

  /** A file of {@code dashboards/prometheus}, from the root of the project or a module of it. */
  public static String published(String name) throws IOException {
    Path here = PUBLISHED.resolve(name);
    return Files.readString(Files.exists(here) ? here : Path.of("..").resolve(here));
  }

  private static String replaced(String text, Map<String, String> changes) {
    String changed = text;
    for (Map.Entry<String, String> change : changes.entrySet()) {
      assertThat(changed).contains(change.getKey());
      changed = changed.replace(change.getKey(), change.getValue());
    }
    return changed;
  }

  /** Where it listens. */
  public String address() {
    return address;
  }

  /** What an expression is now: a list of series. */
  public JsonArray query(String expression) throws IOException, InterruptedException {
    return result("/api/v1/query?query=" + encoded(expression));
  }

  /** What it says of itself. */
  public String metrics() throws IOException, InterruptedException {
    return body("/metrics");
  }

  /** What an expression was over the last seconds, as a panel asks. */
  public JsonArray queryLast(int seconds, String expression)
      throws IOException, InterruptedException {
    double now = valueOf(query("vector(time())").get(0));
    return result(
        "/api/v1/query_range?step=1&start=%f&end=%f&query=%s"
            .formatted(now - seconds, now, encoded(expression)));
  }

  /** The values of the first series that a range selects. */
  public List<Double> valuesOver(String range) throws IOException, InterruptedException {
    JsonArray values = query(range).get(0).getAsJsonObject().getAsJsonArray("values");
    return StreamSupport.stream(values.spliterator(), false)
        .map(value -> Double.valueOf(value.getAsJsonArray().get(1).getAsString()))
        .toList();
  }

  /** The value of a series. */
  public static double valueOf(JsonElement series) {
    return Double.parseDouble(
        series.getAsJsonObject().getAsJsonArray("value").get(1).getAsString());
  }

  private JsonArray result(String path) throws IOException, InterruptedException {
    return JsonParser.parseString(body(path))
        .getAsJsonObject()
        .getAsJsonObject("data")
        .getAsJsonArray("result");
  }

  private String body(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(address + path)).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private static String encoded(String expression) {
    return URLEncoder.encode(expression, StandardCharsets.UTF_8);
  }
}
