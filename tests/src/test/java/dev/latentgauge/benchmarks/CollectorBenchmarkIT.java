package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class CollectorBenchmarkIT {

  @Test
  void comparesItsServersAtEachSize() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CollectorBenchmark.print(0.2, new PrintStream(bytes, true, UTF_8));
    assertThat(bytes.toString(UTF_8).lines().skip(2))
        .hasSize(6)
        .allMatch(line -> line.matches("\\| 2 \\| 10? \\| [A-Za-z, ]+( \\| [0-9.]+){4} \\|"))
        .anyMatch(line -> line.contains("latentgauge, SQLite"))
        .anyMatch(line -> line.contains("latentgauge, PostgreSQL"))
        .anyMatch(line -> line.contains("Pushgateway"));
  }
}
