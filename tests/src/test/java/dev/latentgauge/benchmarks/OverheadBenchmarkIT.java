package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverheadBenchmarkIT {

  @Test
  void trainsInEveryWayAndBesideDeeplearning4j() throws Exception {
    Result result =
        OverheadBenchmark.run(
            List.of(TrainedModel.MLP),
            16,
            2,
            0.1,
            new PrintStream(OutputStream.nullOutputStream(), true, UTF_8));
    assertThat(result.tables().get(0).rows())
        .hasSize(6)
        .allMatch(row -> row.get(2).number() > 0 && row.get(3).number() > 0)
        .map(row -> row.get(1).markdown())
        .containsExactly(
            "budget 1.0 %",
            "budget 0.1 %",
            "budget 1.0 %, two layers",
            "every step",
            "not on the way",
            "budget 1.0 %, -javaagent");
    assertThat(result.tables().get(1).rows())
        .allMatch(row -> row.get(2).number() > 0)
        .map(row -> row.get(1).markdown())
        .containsExactly("none", "not on the way", "budget 1.0 %");
    assertThat(result.tables().get(2).rows())
        .hasSize(2)
        .allMatch(row -> row.get(2).number() > 0 && row.get(3).number() > 0);
    assertThat(result.goals()).hasSize(2);
    assertThat(result.json()).doesNotContain("NaN");
  }
}
