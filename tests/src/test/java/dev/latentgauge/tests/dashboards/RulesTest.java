package dev.latentgauge.tests.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.tests.Processes;
import dev.latentgauge.tests.dashboards.Rules.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules are what Prometheus understands, do what their tests say, and are described. */
class RulesTest {

  private static final Pattern HEADING = Pattern.compile("^## (\\w+)$", Pattern.MULTILINE);

  @TempDir private Path folder;
  private Processes processes = new Processes(Path.of("."));

  @BeforeEach
  void prepare() {
    processes = new Processes(folder);
  }

  @AfterEach
  void stop() {
    processes.close();
  }

  static List<Rule> alerts() {
    return Rules.alerts();
  }

  @Test
  void prometheusAcceptsConfigurationsAndRules() throws Exception {
    assertSucceeds(
        "promtool", "check", "config", Rules.FOLDER.resolve("prometheus.yaml").toString());
    assertSucceeds(
        "promtool",
        "check",
        "config",
        Rules.FOLDER.resolve("prometheus-remote-write.yaml").toString());
  }

  @Test
  void rulesDoWhatTheirTestsSay() throws Exception {
    assertThat(Rules.tests()).hasSizeGreaterThanOrEqualTo(3);
    List<String> command = new ArrayList<>(List.of("promtool", "test", "rules"));
    Rules.tests().forEach(file -> command.add(file.toString()));
    assertSucceeds(command.toArray(String[]::new));
  }

  private void assertSucceeds(String... command) throws Exception {
    Process process = processes.start("promtool", command);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(() -> processes.printed("promtool")).isZero();
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void anAlertIsTestedQuietAndFiring(Rule alert) {
    List<List<?>> expected =
        Rules.tests().stream()
            .flatMap(file -> Rules.maps(Rules.read(file).get("tests")))
            .flatMap(test -> Rules.maps(test.get("alert_rule_test")))
            .filter(check -> alert.name().equals(check.get("alertname")))
            .<List<?>>map(check -> (List<?>) check.get("exp_alerts"))
            .toList();
    assertThat(expected).anySatisfy(alerts -> assertThat(alerts).isEmpty());
    assertThat(expected).anySatisfy(alerts -> assertThat(alerts).isNotEmpty());
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void anAlertSaysWhatItMeansAndWhereToReadOn(Rule alert) throws IOException {
    assertThat(alert.name()).startsWith("Latentgauge");
    assertThat(alert.label("severity")).isIn("critical", "warning");
    assertThat(alert.annotation("summary")).endsWith(".").hasSizeLessThan(150);
    assertThat(alert.annotation("description")).endsWith(".").hasSizeGreaterThan(80);
    String runbook = Files.readString(Dashboard.FOLDER.resolve("runbook.md"));
    assertThat(alert.annotation("runbook_url")).isEqualTo("dashboards/runbook.md#" + anchor(alert));
    assertThat(HEADING.matcher(runbook).results().map(found -> found.group(1)))
        .contains(alert.name());
  }

  @Test
  void theRunbookDescribesTheAlertsThatThereAre() throws IOException {
    String runbook = Files.readString(Dashboard.FOLDER.resolve("runbook.md"));
    assertThat(HEADING.matcher(runbook).results().map(found -> found.group(1)))
        .containsExactlyInAnyOrderElementsOf(alerts().stream().map(Rule::name).toList());
    for (Rule alert : alerts()) {
      assertThat(runbook)
          .as("the table of alerts")
          .contains("](#%s) | %s |".formatted(anchor(alert), alert.label("severity")));
    }
  }

  private static String anchor(Rule alert) {
    return alert.name().toLowerCase(Locale.ROOT);
  }
}
