package dev.latentgauge.tests.dashboards;

import static dev.latentgauge.tests.dashboards.Dashboard.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.latentgauge.collector.exposition.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the dashboards say of each other and of the catalogue of metrics is so. */
class DashboardsTest {

  /** What the collector exposes besides its catalogue, and what Prometheus adds. */
  private static final Set<String> OTHERS =
      Set.of(
          "ALERTS",
          "up",
          "scrape_duration_seconds",
          "jvm_gc_pause_seconds_sum",
          "jvm_memory_max_bytes",
          "jvm_memory_used_bytes",
          "logback_events_total",
          "process_cpu_usage",
          "process_files_open_files",
          "process_start_time_seconds",
          "vertx_http_server_active_connections",
          "vertx_http_server_requests_total",
          "vertx_http_server_response_time_seconds_count",
          "vertx_http_server_response_time_seconds_sum",
          "vertx_pool_queue_pending");

  /** Metrics of the catalogue that no dashboard shows, each with its reason. */
  private static final Map<Metric, String> NOT_SHOWN =
      Map.of(
          Metric.COLLECTOR_HISTORY_SKETCHES,
          "runs are compared on the live page; how many can be is of no use beside the size",
          Metric.COLLECTOR_KAFKA_READING,
          "few have Kafka, and an alert tells those of 0",
          Metric.COLLECTOR_KAFKA_WAITING_REPORTS,
          "few have Kafka, and for all others the panel would be empty");

  private static final Pattern TO_DASHBOARD = Pattern.compile("/d/([a-z-]+)");

  static List<Dashboard> dashboards() {
    return Dashboard.all();
  }

  @Test
  void theyHaveUidsThatStay() {
    assertThat(dashboards())
        .extracting(Dashboard::uid)
        .containsExactly("latentgauge-collector", "latentgauge-fleet", "latentgauge-run");
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void expressionsNameMetricsThatExist(Dashboard dashboard) {
    Set<String> known = known();
    assertThat(dashboard.expressions()).hasSizeGreaterThan(10);
    assertThat(Stream.concat(dashboard.expressions().stream(), dashboard.variableSeries().stream()))
        .allSatisfy(
            expression ->
                assertThat(Promql.metrics(expression))
                    .as(expression)
                    .isNotEmpty()
                    .isSubsetOf(known));
  }

  @Test
  void rulesNameMetricsThatExist() {
    Set<String> known = known();
    assertThat(Stream.concat(Rules.recorded().stream(), Rules.alerts().stream()))
        .hasSizeGreaterThan(10)
        .allSatisfy(
            rule ->
                assertThat(known).as(rule.name()).containsAll(Promql.metrics(rule.expression())));
  }

  @Test
  void everyMetricIsShownOrDeliberatelyNot() {
    Set<String> shown =
        dashboards().stream()
            .flatMap(dashboard -> dashboard.expressions().stream())
            .flatMap(expression -> Promql.metrics(expression).stream())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(Metric.values())
        .allSatisfy(
            metric ->
                assertThat(exposed(metric).stream().anyMatch(shown::contains))
                    .as("%s is shown", metric.exposedName())
                    .isEqualTo(!NOT_SHOWN.containsKey(metric)));
  }

  /** Everything that the recording rules make is used, or it would cost for nothing. */
  @Test
  void whatIsRecordedIsUsed() {
    Set<String> used =
        Stream.of(
                dashboards().stream().flatMap(dashboard -> dashboard.expressions().stream()),
                Rules.recorded().stream().map(Rules.Rule::expression),
                Rules.alerts().stream().map(Rules.Rule::expression))
            .flatMap(expressions -> expressions)
            .flatMap(expression -> Promql.metrics(expression).stream())
            .collect(Collectors.toSet());
    assertThat(used).containsAll(Rules.recorded().stream().map(Rules.Rule::name).toList());
  }

  private static Set<String> known() {
    Set<String> known = new HashSet<>(OTHERS);
    Arrays.stream(Metric.values()).map(DashboardsTest::exposed).forEach(known::addAll);
    Rules.recorded().forEach(rule -> known.add(rule.name()));
    return known;
  }

  private static List<String> exposed(Metric metric) {
    String name = metric.exposedName();
    return metric.type() == Metric.Type.SUMMARY
        ? List.of(name + "_sum", name + "_count")
        : List.of(name);
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelsHaveIdsOfTheirOwnAndDoNotOverlap(Dashboard dashboard) {
    assertThat(dashboard.panelsAndRows())
        .extracting(panel -> panel.get("id").getAsInt())
        .doesNotHaveDuplicates();
    Set<String> taken = new HashSet<>();
    for (JsonObject panel : dashboard.panelsAndRows()) {
      JsonObject place = panel.getAsJsonObject("gridPos");
      int left = place.get("x").getAsInt();
      int top = place.get("y").getAsInt();
      assertThat(left + place.get("w").getAsInt()).isLessThanOrEqualTo(24);
      for (int x = left; x < left + place.get("w").getAsInt(); x++) {
        for (int y = top; y < top + place.get("h").getAsInt(); y++) {
          assertThat(taken.add(x + "," + y)).as("%s at %d,%d", text(panel, "title"), x, y).isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void rowsAskTheirQuestionsInOrder(Dashboard dashboard) {
    List<String> questions =
        dashboard.panelsAndRows().stream()
            .filter(panel -> text(panel, "type").equals("row"))
            .map(row -> text(row, "title"))
            .toList();
    assertThat(questions).hasSizeGreaterThanOrEqualTo(3).allMatch(title -> title.endsWith("?"));
    assertThat(questions.get(0)).contains("healthy");
  }

  @Test
  void linksBetweenDashboardsLeadSomewhere() {
    List<String> uids = dashboards().stream().map(Dashboard::uid).toList();
    Stream<String> texts =
        Stream.concat(
            dashboards().stream().map(dashboard -> dashboard.json().toString()),
            Rules.alerts().stream().map(alert -> alert.annotation("dashboard")));
    List<String> targets =
        texts
            .flatMap(text -> TO_DASHBOARD.matcher(text).results())
            .map(found -> found.group(1))
            .toList();
    assertThat(targets).hasSizeGreaterThan(10).isSubsetOf(uids);
  }

  /** What compose and the provisioning of Grafana name is where they say. */
  @Test
  void filesThatAreMountedExist() throws IOException {
    Path compose = Dashboard.FOLDER.resolve("compose.yaml");
    Matcher mounts = Pattern.compile("- (\\./[^:\\s]+|\\.\\.):").matcher(Files.readString(compose));
    List<String> mounted = mounts.results().map(found -> found.group(1)).toList();
    assertThat(mounted).hasSizeGreaterThanOrEqualTo(3);
    assertThat(mounted).allSatisfy(file -> assertThat(Dashboard.FOLDER.resolve(file)).exists());
  }
}
