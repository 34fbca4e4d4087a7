package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latentgauge.tests.javaagent.Jdk;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartupBenchmarkIT {

  @Test
  void everyProgramIsRunWithAndWithout(@TempDir Path folder) throws Exception {
    Result result =
        new StartupBenchmark(
                1, folder, new PrintStream(OutputStream.nullOutputStream(), true, UTF_8))
            .run(Jdk.JAVA_25);
    assertThat(result.tables().get(0).rows())
        .hasSize(2)
        .allMatch(row -> row.get(1).markdown().equals("25"))
        .allMatch(row -> row.get(3).number() > 0 && row.get(4).number() > 0);
  }

  @Test
  void otherOptionsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StartupBenchmark.turns("--turns", "0"))
        .withMessageContaining("--turns N");
  }
}
