package dev.latentgauge.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latentgauge.tests.javaagent.Jdk;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartupBenchmarkIT {

  @Test
  void printsALineForEveryProgram(@TempDir Path folder) throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    new StartupBenchmark(1, folder, new PrintStream(printed, true, StandardCharsets.UTF_8))
        .print(Jdk.JAVA_25);
    assertThat(printed.toString(StandardCharsets.UTF_8).lines().skip(2))
        .hasSize(2)
        .allMatch(line -> line.matches("\\| trains[^|]+ \\| 25 \\|( [^|]+ \\|){3}"));
  }

  @Test
  void otherOptionsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StartupBenchmark.turns("--turns", "0"))
        .withMessageContaining("--turns N");
  }
}
