package dev.latentgauge.tests.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.tests.Processes;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboards are generated from a source that Grafana's own types have checked. */
class DashboardSourceTest {

  private static final String SOURCE = Dashboard.FOLDER.resolve("source").toString();

  @TempDir private Path folder;

  @Test
  void theDashboardsAreWhatTheirCheckedSourceSays() throws Exception {
    try (Processes processes = new Processes(folder)) {
      assertSucceeds(
          processes,
          "npm",
          "ci",
          "--prefix",
          SOURCE,
          "--ignore-scripts",
          "--no-audit",
          "--no-fund");
      assertSucceeds(processes, "npm", "run", "check", "--prefix", SOURCE);
    }
  }

  private static void assertSucceeds(Processes processes, String... command)
      throws InterruptedException {
    Process process = processes.start("npm", command);
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(() -> processes.printed("npm")).isZero();
  }
}
