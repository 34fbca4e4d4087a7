package dev.latentgauge.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latentgauge.relative.Score;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasurementBenchmarkIT {

  @TempDir private Path folder;

  @Test
  void measuresEverySizeInEveryWayAndSaysSo() throws IOException {
    MeasurementSize size = new MeasurementSize(64, 16, 8);
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    Result result = MeasurementBenchmark.run(List.of(size), new int[] {1}, 0.01, nowhere);
    assertThat(result.tables())
        .extracting(table -> table.rows().size())
        .containsExactly(1, 1, 3, 1);
    assertThat(result.goals()).hasSize(4);
    result.write(folder);
    assertThat(Result.read(folder.resolve("MeasurementBenchmark.json"))).isEqualTo(result);
    Files.writeString(folder.resolve("MeasurementBenchmark.md"), "What was tried.");
    assertThat(BenchmarkReport.of(folder))
        .contains("| a measurement ÷ the same in PyTorch | ≤ 1.00 |")
        .contains("| 64x16x8 | 1 |")
        .endsWith("What was tried.\n");
  }

  @Test
  void theFormulaInPyTorchIsTheSame() throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    float[][] anchors = numbers(random, 24, 6);
    float[][] probes = numbers(random, 100, 6);
    float[][] others = numbers(random, 24, 9);
    float[][] described = numbers(random, 100, 9);
    for (int i = 0; i < 100; i++) {
      System.arraycopy(probes[i], 0, described[i], 0, 4);
    }
    for (int i = 0; i < 24; i++) {
      System.arraycopy(anchors[i], 0, others[i], 0, 4);
    }
    Score score = MeasurementArms.score(anchors, probes, others, described);
    assertThat(score.value()).isBetween(0.2, 0.9);
    try (TorchFormula formula = new TorchFormula(1, "cpu")) {
      double[] same = formula.score(anchors, probes, others, described);
      assertThat(same[0]).isCloseTo(score.value(), within(1e-5));
      assertThat(same[1]).isCloseTo(score.standardError(), within(1e-5));
    }
  }

  private static float[][] numbers(SplittableRandom random, int rows, int columns) {
    float[][] numbers = new float[rows][columns];
    for (float[] row : numbers) {
      for (int i = 0; i < columns; i++) {
        row[i] = (float) random.nextDouble(-1, 1);
      }
    }
    return numbers;
  }
}
