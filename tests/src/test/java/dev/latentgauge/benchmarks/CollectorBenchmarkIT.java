package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class CollectorBenchmarkIT {

  @Test
  void comparesItsServersWithEachLoad() throws Exception {
    Result result =
        CollectorBenchmark.smoke(
            0.2, new PrintStream(OutputStream.nullOutputStream(), true, UTF_8));
    assertThat(result.tables()).hasSize(1);
    assertThat(result.tables().get(0).rows())
        .hasSize(12)
        .allMatch(row -> row.get(3).number() > 0)
        .map(row -> row.get(2).markdown())
        .contains(
            "latentgauge, SQLite",
            "latentgauge, PostgreSQL",
            "Pushgateway",
            "empty Vert.x handler");
    assertThat(result.goals()).hasSize(6);
  }
}
