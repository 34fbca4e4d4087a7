package dev.latentgauge.tests.dashboards;

import static dev.latentgauge.tests.dashboards.Dashboard.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.latentgauge.tests.dashboards.Dashboard.Panel;
import dev.latentgauge.tests.dashboards.Dashboard.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules of Grafana's dashboard-linter, each under its name there. What {@code .lint} excludes,
 * with its reason, is not looked at, as the linter has it.
 *
 * @see <a href="https://github.com/grafana/dashboard-linter/blob/main/docs/index.md">its rules</a>
 */
class LintTest {

  private static final String DATA_SOURCE = "${datasource}";

  /** Of those that the linter knows, the ones that the dashboards use. */
  private static final Set<String> UNITS =
      Set.of("none", "string", "short", "percentunit", "bytes", "s", "reqps");

  static List<Dashboard> dashboards() {
    return Dashboard.all();
  }

  @Test
  void thereAreDashboards() {
    assertThat(dashboards()).hasSize(3);
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void templateDatasource(Dashboard dashboard) {
    assertThat(dashboard.variables())
        .filteredOn(variable -> text(variable, "type").equals("datasource"))
        .singleElement()
        .satisfies(
            variable -> {
              assertThat(text(variable, "name")).isEqualTo("datasource");
              assertThat(text(variable, "label")).isEqualTo("Data source");
              assertThat(text(variable, "query")).isEqualTo("prometheus");
            });
  }

  /** But for the value of "All", see {@code .lint}. */
  @ParameterizedTest
  @MethodSource("dashboards")
  void templateJob(Dashboard dashboard) {
    assertIsTemplated(dashboard, "job", "Job");
  }

  @ParameterizedTest
  @MethodSource("askingForInstance")
  void templateInstance(Dashboard dashboard) {
    assertIsTemplated(dashboard, "instance", "Instance");
  }

  private static void assertIsTemplated(Dashboard dashboard, String name, String label) {
    assertThat(dashboard.variables())
        .filteredOn(variable -> text(variable, "name").equals(name))
        .singleElement()
        .satisfies(
            variable -> {
              assertThat(text(variable, "label")).isEqualTo(label);
              assertThat(text(variable, "type")).isEqualTo("query");
              assertThat(variable.get("multi").getAsBoolean()).isTrue();
              assertThat(variable.has("allValue")).isFalse();
            });
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void templateOnTimeChangeReload(Dashboard dashboard) {
    assertThat(dashboard.variables())
        .filteredOn(variable -> text(variable, "type").equals("query"))
        .isNotEmpty()
        .allSatisfy(
            variable -> {
              assertThat(variable.get("refresh").getAsInt()).isEqualTo(2);
              assertThat(uid(variable)).isEqualTo(DATA_SOURCE);
            });
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelDatasource(Dashboard dashboard) {
    assertThat(dashboard.panels())
        .isNotEmpty()
        .allSatisfy(
            panel -> {
              assertThat(uid(panel.json())).isEqualTo(DATA_SOURCE);
              assertThat(panel.targets())
                  .allSatisfy(target -> assertThat(uid(target.json())).isEqualTo(DATA_SOURCE));
            });
  }

  private static String uid(JsonObject object) {
    return text(object.getAsJsonObject("datasource"), "uid");
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelTitleDescription(Dashboard dashboard) {
    assertThat(dashboard.panels())
        .allSatisfy(
            panel -> {
              assertThat(panel.title()).isNotBlank();
              assertThat(text(panel.json(), "description")).matches(".{30,}\\.\\)?");
            });
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelUnits(Dashboard dashboard) {
    assertThat(dashboard.panels())
        .filteredOn(LintTest::asks)
        .extracting(LintTest::unit)
        .isSubsetOf(UNITS);
  }

  private static String unit(Panel panel) {
    JsonObject fields = panel.json().getAsJsonObject("fieldConfig");
    return text(fields.getAsJsonObject("defaults"), "unit");
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelNoTargets(Dashboard dashboard) {
    assertThat(dashboard.panels())
        .filteredOn(LintTest::asks)
        .allSatisfy(panel -> assertThat(panel.targets()).isNotEmpty());
  }

  private static boolean asks(Panel panel) {
    return !panel.type().equals("text");
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void targetRateInterval(Dashboard dashboard) {
    assertThat(targets(dashboard))
        .flatExtracting(target -> Promql.overRanges(target.expression()))
        .filteredOn(function -> function.startsWith("rate ") || function.startsWith("irate "))
        .allSatisfy(function -> assertThat(function).endsWith(" $__rate_interval"));
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void targetJob(Dashboard dashboard) {
    assertThat(dashboard.expressions())
        .allSatisfy(
            expression ->
                assertThat(Promql.metricsWithout("job=~\"$job\"", expression))
                    .as(expression)
                    .isEmpty());
  }

  static List<Dashboard> askingForInstance() {
    return included("target-instance-rule");
  }

  @ParameterizedTest
  @MethodSource("askingForInstance")
  void targetInstance(Dashboard dashboard) {
    assertThat(dashboard.expressions())
        .allSatisfy(
            expression ->
                assertThat(Promql.metricsWithout("instance=~\"$instance\"", expression))
                    .as(expression)
                    .isEmpty());
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void targetCounterAggregation(Dashboard dashboard) {
    List<Object> excluded =
        entries("target-counter-agg-rule").<Object>map(entry -> entry.get("panel")).toList();
    assertThat(dashboard.panels())
        .filteredOn(panel -> !excluded.contains(panel.title()))
        .flatExtracting(Panel::targets)
        .allSatisfy(
            target ->
                assertThat(Promql.plainCounters(target.expression())).as("%s", target).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void uneditable(Dashboard dashboard) {
    assertThat(dashboard.json().get("editable").getAsBoolean()).isFalse();
  }

  @Test
  void rulesAreExcludedWithAReason() {
    Map<?, ?> exclusions = Rules.map(Rules.read(lint()).get("exclusions"));
    assertThat(exclusions.values())
        .allSatisfy(rule -> assertThat(Rules.map(rule).get("reason")).asString().isNotBlank());
  }

  private static List<Target> targets(Dashboard dashboard) {
    return dashboard.panels().stream().flatMap(panel -> panel.targets().stream()).toList();
  }

  /** The dashboards that a rule is for. */
  private static List<Dashboard> included(String rule) {
    List<Object> excluded = entries(rule).<Object>map(entry -> entry.get("dashboard")).toList();
    return Dashboard.all().stream()
        .filter(dashboard -> !excluded.contains(dashboard.title()))
        .toList();
  }

  private static Stream<Map<?, ?>> entries(String rule) {
    Map<?, ?> exclusions = Rules.map(Rules.read(lint()).get("exclusions"));
    return Rules.maps(Rules.map(exclusions.get(rule)).get("entries"));
  }

  private static Path lint() {
    return Dashboard.FOLDER.resolve("grafana/.lint");
  }
}
