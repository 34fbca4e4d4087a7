package dev.latentgauge.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkReportTest {

  @Test
  void whatWasSeenOnAGpuStandsBesideWhatWasSeenOnACpu(@TempDir Path folder) throws IOException {
    result(null).write(folder);
    result("NVIDIA H200").write(folder);
    assertThat(folder).isDirectoryContaining(file -> file.endsWith("SomeBenchmark-gpu.json"));
    assertThat(Result.read(folder.resolve("SomeBenchmark.json"))).isEqualTo(result(null));
    assertThat(BenchmarkReport.of(folder))
        .contains("| as fast as light | \u2265 1.00 | 0.500 | here | **not met** |")
        .contains("| as fast as light, on a GPU | \u2265 1.00 | 0.500 | here | **not met** |")
        .contains("## Some\n\n    tests/benchmark.sh SomeBenchmark\n")
        .contains("## Some, on a GPU\n\n    tests/gpu.sh SomeBenchmark\n")
        .contains("Java 17, NVIDIA H200.");
  }

  private static Result result(@Nullable String gpu) {
    return new Result(
        "SomeBenchmark",
        "Some",
        "How.",
        "2026-11-30",
        new Machine("Processor", 2, 24, "Linux", "Java 17", gpu),
        new TreeMap<>(),
        List.of(),
        List.of(Goal.atLeast("as fast as light", 1, Cell.of(0.5), "here")));
  }
}
