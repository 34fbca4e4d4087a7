package dev.latentgauge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.latentgauge.agent.Stopped;
import dev.latentgauge.examples.quickstart.Quickstart;
import dev.latentgauge.tests.PrometheusServer.Pace;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training, a collector and a Prometheus, each a process of its own. */
class EndToEndIT {

  private static final String SCORE = "latentgauge_score{run=\"" + MonitoredTraining.RUN + "\"}";

  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir private Path folder;
  private Processes processes = new Processes(Path.of("."));
  private String collector = "";

  @BeforeEach
  void startCollector() {
    processes = new Processes(folder);
    collector = processes.startCollector("--linger", "5");
  }

  @AfterEach
  void stop() {
    processes.close();
  }

  @Test
  void prometheusSeesTheScoreOfATrainingRiseAndEndWithTheRun() throws Exception {
    PrometheusServer prometheus =
        PrometheusServer.start(
            processes, folder, "prometheus.yaml", Pace.FAST, collector, Map.of());
    Process training = processes.startJava("training", MonitoredTraining.class, collector);

    JsonObject labels =
        patiently()
            .until(() -> prometheus.query(SCORE), found -> found.size() == 1)
            .get(0)
            .getAsJsonObject()
            .getAsJsonObject("metric");
    assertThat(labels.get("layer").getAsString()).isEqualTo("01SequentialBlock");
    assertThat(labels.get("reference").getAsString()).matches("mlp@[0-9a-f]{12}");
    assertThat(labels.get("job").getAsString()).isEqualTo("latentgauge");
    assertThat(checkMetrics()).isEmpty();

    training.getOutputStream().write('\n');
    training.getOutputStream().flush();
    assertThat(training.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(training.exitValue()).as(() -> processes.printed("training")).isZero();
    patiently()
        .until(
            () ->
                prometheus.query(
                    "latentgauge_run_state{run=\"end-to-end\",state=\"completed\"} == 1"),
            found -> found.size() == 1);

    List<Double> scores = prometheus.valuesOver(SCORE + "[10m]");
    double rise = scores.get(scores.size() - 1) - scores.get(0);
    double error =
        PrometheusServer.valueOf(
            prometheus.query(SCORE.replace("score{", "score_standard_error{")).get(0));
    assertThat(rise).isGreaterThan(4 * error);
    assertThat(prometheus.valuesOver("latentgauge_step{run=\"end-to-end\"}[10m]")).isSorted();
    assertThat(prometheus.query("latentgauge_run_info{run=\"end-to-end\",tag_lr=\"0.0001\"}"))
        .hasSize(1);

    patiently().until(() -> prometheus.query("{run=\"end-to-end\"}"), found -> found.size() == 0);
    assertThat(checkMetrics()).isEmpty();
  }

  @Test
  void theQuickstartEndsWithATableAndAPictureOfAllItsRuns() throws Exception {
    Path output = folder.resolve("output");
    Process quickstart =
        processes.startJava(
            "quickstart",
            Quickstart.class,
            "--quick",
            "--collector",
            collector,
            "--output",
            output.toString());
    assertThat(quickstart.waitFor(5, TimeUnit.MINUTES)).isTrue();
    String printed = processes.printed("quickstart");
    assertThat(quickstart.exitValue()).as(printed).isZero();
    assertThat(printed)
        .contains("true test accuracy", "score and accuracy over")
        .contains("Spearman");
    assertThat(output.resolve("quickstart.png")).isNotEmptyFile();
    assertThat(output.resolve("reference.safetensors")).isNotEmptyFile();
    String picture = Files.readString(output.resolve("quickstart.svg"));
    String runs = get(collector + "/v1/runs?limit=100");
    for (String run : List.of("cnn", "mlp", "cnn-narrow", "cnn-few-images", "cnn-wrong-labels")) {
      assertThat(printed).contains(run);
      assertThat(picture).contains(run);
      assertThat(runs).contains("\"" + run + "\"");
    }
  }

  @Test
  void aTrainingThatTheCollectorWantsStoppedStopsAndSaysWhy() throws Exception {
    Process training =
        processes.startJava(
            "training",
            SpooledTraining.class,
            collector,
            folder.resolve("spool").toString(),
            "1",
            "30");
    processes.awaitPrinted("training", training, "ready (now)");
    training.getOutputStream().write("1000000\n".getBytes(StandardCharsets.UTF_8));
    training.getOutputStream().flush();
    String run = collector + "/v1/runs/" + SpooledTraining.RUN;
    patiently().until(() -> get(run), answer -> answer.contains("\"live\""));
    order(SpooledTraining.RUN, "too dear");

    assertThat(training.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(processes.printed("training"))
        .contains("stopped, as the collector said so: too dear");
    assertThat(get(run))
        .contains("\"state\":\"stopped\"")
        .contains("\"reason\":\"the collector said so: too dear\"");
  }

  @Test
  void trainingsWithoutAReferenceAreComparedWithEachOtherAndCanBeStopped() throws Exception {
    assertThat(SketchedTraining.train(collector, "a", 1, 5)).isEmpty();
    assertThat(SketchedTraining.train(collector, "b", 2, 5)).isEmpty();
    JsonObject compared =
        JsonParser.parseString(get(collector + "/v1/comparisons?runs=a,b")).getAsJsonObject();
    assertThat(compared.get("layer").getAsString()).isEqualTo("01Linear");
    double score = compared.getAsJsonArray("scores").get(0).getAsJsonArray().get(1).getAsDouble();
    assertThat(score).isBetween(0.1, 0.99);
    assertThat(get(collector + "/v1/runs/a"))
        .contains("\"state\":\"completed\"", "\"observations\":0");

    Optional<Stopped> stopped =
        SketchedTraining.train(collector, "c", 3, 1_000_000, () -> order("c", "unlike the rest"));
    assertThat(stopped.orElseThrow().cause()).isEqualTo(Stopped.Cause.DIRECTIVE);
    assertThat(get(collector + "/v1/runs/c"))
        .contains("\"state\":\"stopped\"")
        .contains("\"reason\":\"the collector said so: unlike the rest\"");
  }

  /** Wants a run stopped, once the collector knows it. */
  private void order(String run, String reason) {
    String address = collector + "/v1/runs/" + run;
    HttpRequest order =
        HttpRequest.newBuilder(URI.create(address + "/directive"))
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString("{\"action\": \"stop\", \"reason\": \"" + reason + "\"}"))
            .build();
    patiently()
        .until(
            () -> client.send(order, BodyHandlers.ofString()).statusCode(), found -> found == 200);
  }

  private String checkMetrics() throws IOException, InterruptedException {
    Path metrics = folder.resolve("metrics.txt");
    Files.writeString(metrics, get(collector + "/metrics"));
    Process check = processes.start("promtool", "sh", "-c", "promtool check metrics < " + metrics);
    assertThat(check.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(check.exitValue()).as(() -> processes.printed("promtool")).isZero();
    return processes.printed("promtool");
  }

  private String get(String address) throws IOException, InterruptedException {
    return client
        .send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
        .body();
  }

  private static ConditionFactory patiently() {
    return Awaitility.await()
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions();
  }
}
