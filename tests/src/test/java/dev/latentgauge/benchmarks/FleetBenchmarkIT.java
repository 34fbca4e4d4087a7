package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class FleetBenchmarkIT {

  @Test
  void whatAFewAgentsReportIsThere() throws Exception {
    Result result =
        FleetBenchmark.run(
            50, 2, 30, new PrintStream(OutputStream.nullOutputStream(), true, UTF_8));
    assertThat(result.goals()).singleElement().matches(Goal::isMet);
    assertThat(result.tables().get(0).rows())
        .map(row -> row.get(1).markdown())
        .containsExactly("all ran", "one was killed", "it was started again", "the end");
    assertThat(result.tables().get(1).rows())
        .hasSize(2)
        .allMatch(row -> row.get(1).number() == 50 && row.get(3).number() == 0);
  }
}
