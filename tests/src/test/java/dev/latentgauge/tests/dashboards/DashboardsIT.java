package dev.latentgauge.tests.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.latentgauge.tests.Processes;
import dev.latentgauge.tests.PrometheusServer;
import dev.latentgauge.tests.PrometheusServer.Pace;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The dashboards before a real Prometheus that scrapes a real training, evaluates the rules, and
 * hands on what is worth keeping to a real VictoriaMetrics.
 */
class DashboardsIT {

  private static final Path RENDERER = Dashboard.FOLDER.resolve("renderer");
  private static final String[] TRAINED = {
    "--variable", "run=" + ReportedRuns.TRAINED,
    "--may-be-empty", "Device memory",
    "--may-be-empty", "Other views of the same embeddings"
  };

  /** Panels of what is not handed on to the store. */
  private static final String[] DROPPED = {
    "--may-be-empty", "Similarity and chance", "--may-be-empty", "Time of a measurement"
  };

  private static final int SINCE_THE_START = 900;
  private static final String MEASURED = "latentgauge_last_observation_timestamp_seconds";

  @TempDir private static Path folder;
  private static Processes processes = new Processes(Path.of("."));
  private static Optional<Process> installing = Optional.empty();
  private static PrometheusServer store = new PrometheusServer("");
  private static PrometheusServer prometheus = new PrometheusServer("");

  @BeforeAll
  static void start() throws Exception {
    processes = new Processes(folder);
    installing =
        Optional.of(
            processes.start(
                "install",
                "npm",
                "ci",
                "--prefix",
                RENDERER.toString(),
                "--ignore-scripts",
                "--legacy-peer-deps",
                "--no-audit",
                "--no-fund"));
    String collector = processes.startCollector("--linger", "600");
    store = VictoriaMetrics.start(processes, folder);
    prometheus =
        PrometheusServer.start(
            processes,
            folder,
            "prometheus-remote-write.yaml",
            Pace.FAST,
            collector,
            Map.of("127.0.0.1:8428", URI.create(store.address()).getAuthority()));
    ReportedRuns runs = new ReportedRuns(processes, folder, collector);
    runs.definePolicy();
    runs.train();
    runs.postEmbeddings();
    runs.postUndefined();
    patiently()
        .until(() -> prometheus.query("latentgauge_overhead_ratio"), found -> found.size() > 0);
    runs.postGarbage();
  }

  @AfterAll
  static void stop() {
    processes.close();
  }

  /** A query of a panel, for the values that variables may have. */
  private record Question(String panel, List<String> expressions) {
    @Override
    public String toString() {
      return panel + ": " + expressions.get(0);
    }

    boolean isAnswered() throws Exception {
      for (String expression : expressions) {
        if (prometheus.queryLast(SINCE_THE_START, expression).size() > 0) {
          return true;
        }
      }
      return false;
    }
  }

  @Test
  void everyQueryOfEveryPanelAnswersWithData() {
    List<Question> unanswered = new ArrayList<>(questions());
    assertThat(unanswered).hasSizeGreaterThan(50);
    patiently()
        .until(
            () -> {
              List<Question> asked = List.copyOf(unanswered);
              for (Question question : asked) {
                if (question.isAnswered()) {
                  unanswered.remove(question);
                }
              }
              return unanswered;
            },
            List::isEmpty);
  }

  /** Where nothing is counted they answer all the same, so that the numbers must be looked at. */
  @Test
  void theFleetCountsWhatThereIs() throws Exception {
    assertThat(counted("Live runs")).isEqualTo(3);
    assertThat(counted("Runs without a score")).isEqualTo(1);
    assertThat(counted("Silent runs")).isZero();
    assertThat(counted("Collectors down")).isZero();
  }

  private static double counted(String title) throws Exception {
    String expression = panel(title).targets().get(0).expression();
    return PrometheusServer.valueOf(prometheus.query(replaced(expression).get(0)).get(0));
  }

  private static Dashboard.Panel panel(String title) {
    return Dashboard.all().stream()
        .filter(dashboard -> dashboard.name().equals("fleet"))
        .flatMap(dashboard -> dashboard.panels().stream())
        .filter(found -> found.title().equals(title))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void annotationsAreUnderstood() throws Exception {
    for (Dashboard dashboard : Dashboard.all()) {
      for (JsonObject annotation : dashboard.annotations()) {
        for (String expression : replaced(Dashboard.text(annotation, "expr"))) {
          prometheus.queryLast(SINCE_THE_START, expression);
        }
      }
    }
  }

  private static List<Question> questions() {
    return Dashboard.all().stream()
        .flatMap(
            dashboard ->
                dashboard.panels().stream()
                    .flatMap(
                        panel ->
                            panel.targets().stream()
                                .map(
                                    target ->
                                        new Question(
                                            dashboard + ", " + panel.title(),
                                            replaced(target.expression())))))
        .toList();
  }

  /** An expression for each run that a dashboard could be about. */
  private static List<String> replaced(String expression) {
    return measured().stream()
        .map(
            labels ->
                expression
                    .replace("run=\"$run\"", "run=\"" + Dashboard.text(labels, "run") + "\"")
                    .replace(
                        "reference=\"$reference\"",
                        "reference=\"" + Dashboard.text(labels, "reference") + "\"")
                    .replace("cluster=~\"$cluster\"", "cluster=~\".*\"")
                    .replace("job=~\"$job\"", "job=~\"latentgauge\"")
                    .replaceAll("\\$(instance|run|layer|reference)\\b", ".+")
                    .replace("$__rate_interval", "5s")
                    .replace("$__range", "60s")
                    .replace("$__interval", "1s"))
        .distinct()
        .toList();
  }

  private static List<JsonObject> measured() {
    try {
      return StreamSupport.stream(prometheus.query(MEASURED).spliterator(), false)
          .map(JsonElement::getAsJsonObject)
          .map(series -> series.getAsJsonObject("metric"))
          .toList();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theStoreHasWhatIsWorthKeepingAndNothingElse() throws Exception {
    String best = "attempt:latentgauge_score:best{run=\"" + ReportedRuns.SCORED_THERE + "\"}";
    JsonElement recorded =
        patiently().until(() -> store.query(best), found -> found.size() == 1).get(0);
    assertThat(labels(recorded))
        .containsEntry("cluster", "main")
        .containsEntry("job", "latentgauge")
        .containsEntry("layer", "encoder")
        .containsEntry("attempt", "1");
    assertThat(PrometheusServer.valueOf(recorded)).isCloseTo(1, within(1e-5));
    patiently().until(() -> store.query("ALERTS"), found -> found.size() > 0);

    Set<String> kept = names(store);
    Set<String> known = names(prometheus);
    assertThat(kept)
        .contains(
            "latentgauge_score", "latentgauge_run_info", "reference:latentgauge_score:quantile")
        .doesNotContain("latentgauge_similarity", "jvm_memory_used_bytes")
        .isSubsetOf(known);
    assertThat(known).contains("latentgauge_similarity", "jvm_memory_used_bytes");
  }

  private static Set<String> names(PrometheusServer server) throws Exception {
    return StreamSupport.stream(
            server.query("count by (__name__) ({__name__=~\".+\"})").spliterator(), false)
        .map(series -> labels(series).get("__name__"))
        .collect(Collectors.toSet());
  }

  private static Map<String, String> labels(JsonElement series) {
    return series.getAsJsonObject().getAsJsonObject("metric").entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().getAsString()));
  }

  /** Grafana's own code draws them all; it fails where a panel has an error, or no data. */
  @Test
  void everyPanelCanBeDrawn() throws Exception {
    awaitInstalled();
    assertSucceeds(
        "bundle",
        2,
        processes.start("bundle", "npm", "run", "bundle", "--prefix", RENDERER.toString()));
    draw(prometheus, "fleet");
    draw(prometheus, "collector", "--may-be-empty", "Refused, by reason");
    draw(prometheus, "run", TRAINED);
    draw(store, "fleet");
    draw(store, "run", with(TRAINED, DROPPED));
  }

  @Test
  void whatDrawsThemPassesItsOwnTests() throws Exception {
    awaitInstalled();
    for (String script : List.of("check", "test")) {
      assertSucceeds(
          script,
          2,
          processes.start(script, "npm", "run", script, "--prefix", RENDERER.toString()));
    }
  }

  private static void awaitInstalled() throws InterruptedException {
    assertSucceeds("install", 5, installing.orElseThrow());
  }

  private static String[] with(String[] options, String[] more) {
    return Stream.of(options, more).flatMap(Stream::of).toArray(String[]::new);
  }

  private void draw(PrometheusServer asked, String dashboard, String... options) throws Exception {
    Path picture = folder.resolve(dashboard + ".png");
    List<String> command =
        new ArrayList<>(
            List.of(
                "node",
                RENDERER.resolve("dist/render.js").toString(),
                "--prometheus",
                asked.address(),
                "--scrape-interval",
                "1s",
                "--from",
                "now-1m",
                "--dashboard",
                Dashboard.FOLDER.resolve("grafana/" + dashboard + ".json").toString(),
                "--output",
                picture.toString()));
    command.addAll(List.of(options));
    assertSucceeds(dashboard, 2, processes.start(dashboard, command.toArray(String[]::new)));
    assertThat(picture).isNotEmptyFile();
  }

  private static void assertSucceeds(String name, int minutes, Process process)
      throws InterruptedException {
    assertThat(process.waitFor(minutes, TimeUnit.MINUTES)).as(name).isTrue();
    assertThat(process.exitValue()).as(() -> processes.printed(name)).isZero();
  }

  private static ConditionFactory patiently() {
    return Awaitility.await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofMillis(500));
  }
}
