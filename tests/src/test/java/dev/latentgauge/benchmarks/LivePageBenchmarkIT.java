package dev.latentgauge.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LivePageBenchmarkIT {

  @Test
  void everyWaitIsTimed(@TempDir Path folder) throws Exception {
    Result result =
        LivePageBenchmark.run(5, 200, 1, Duration.ofSeconds(1), folder, InstantSource.system());
    assertThat(result.tables().get(0).rows()).hasSize(6).allMatch(row -> row.get(2).number() > 0);
    assertThat(result.tables().get(1).rows()).hasSize(2);
    assertThat(result.tables().get(2).rows()).hasSize(1);
  }
}
