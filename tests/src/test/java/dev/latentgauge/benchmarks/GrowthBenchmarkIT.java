package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrowthBenchmarkIT {

  @Test
  void everythingThatCanGrowHasAnExponent(@TempDir Path folder) throws Exception {
    GrowthBenchmark.Sizes sizes =
        new GrowthBenchmark.Sizes(
            new MeasurementSize(256, 32, 16),
            new MeasurementSize(64, 16, 16),
            2,
            List.of(10L, 20L),
            List.of(100L, 1_000L),
            2,
            0.01);
    Result result =
        GrowthBenchmark.run(
            sizes, folder, new PrintStream(OutputStream.nullOutputStream(), true, UTF_8));
    List<List<Cell>> rows = result.tables().get(0).rows();
    assertThat(rows)
        .map(row -> row.get(0).markdown())
        .contains("n", "k", "d", "layers", "references", "runs", "observations");
    assertThat(rows)
        .hasSize(22)
        .filteredOn(row -> row.get(3).markdown().endsWith("ms"))
        .hasSize(18)
        .allMatch(row -> row.get(4).number() > 0 && row.get(5).number() > 0)
        .allMatch(row -> Double.isFinite(row.get(6).number() + row.get(7).number()));
    assertThat(result.tables().get(1).rows()).hasSize(2);
    assertThat(result.goals()).hasSize(8);
  }
}
