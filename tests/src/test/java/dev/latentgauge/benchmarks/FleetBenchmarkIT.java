package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class FleetBenchmarkIT {

  @Test
  void whatAFewAgentsReportIsThere() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(FleetBenchmark.run(50, 2, 30, new PrintStream(bytes, true, UTF_8))).isTrue();
    assertThat(bytes.toString(UTF_8))
        .contains("one collector is killed", "and started again")
        .contains("has 50 runs with", "0 of 50 agents miss some");
  }
}
