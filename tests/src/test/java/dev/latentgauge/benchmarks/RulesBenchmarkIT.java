package dev.latentgauge.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.tests.PrometheusServer.Pace;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesBenchmarkIT {

  @Test
  void groupsOfRulesAreTimed(@TempDir Path folder) throws Exception {
    Result result = RulesBenchmark.run(3, 2, Duration.ZERO, folder, Pace.FAST);
    assertThat(result.tables().get(0).rows()).isNotEmpty();
    assertThat(result.tables().get(1).rows())
        .singleElement()
        .satisfies(row -> assertThat(row.get(3).number()).isPositive());
  }
}
