package dev.latentgauge.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScrapeBenchmarkTest {

  @Test
  void printsALineForEveryAnswer(@TempDir Path data) throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ScrapeBenchmark.run(
        3, 2, 1, data, System::nanoTime, new PrintStream(printed, true, StandardCharsets.UTF_8));
    assertThat(printed.toString(StandardCharsets.UTF_8).lines().skip(2))
        .hasSize(7)
        .allMatch(
            line -> line.matches("\\|[^|]+\\| [0-9.]+ \\| [0-9.]+ \\| [0-9.]+ \\| -?[0-9]+ \\|"));
  }
}
