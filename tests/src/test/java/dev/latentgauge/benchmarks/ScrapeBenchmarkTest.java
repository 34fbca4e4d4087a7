package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScrapeBenchmarkTest {

  private static final int SERIES = 1_000;

  @Test
  void measuresEveryAnswerWithEveryNumberOfRuns(@TempDir Path data) throws Exception {
    Result result =
        ScrapeBenchmark.run(
            Set.of(2),
            SERIES,
            0.01,
            data,
            new PrintStream(OutputStream.nullOutputStream(), true, UTF_8));
    Table scrapes = result.tables().get(0);
    assertThat(scrapes.rows())
        .hasSize(2 * 7)
        .allMatch(row -> IntStream.of(0, 1, 3, 4, 6).allMatch(i -> row.get(i).number() > 0));
    assertThat(scrapes.rows().subList(7, 14))
        .allMatch(row -> row.get(1).number() >= SERIES)
        .map(row -> row.get(2).markdown())
        .containsExactly(
            "text",
            "OpenMetrics",
            "protobuf",
            "text, gzip",
            "OpenMetrics, gzip",
            "protobuf, gzip",
            "OpenMetrics, gzip, 10 at once");
    assertThat(result.tables().get(1).rows()).hasSize(1);
    assertThat(result.goals())
        .map(Goal::text)
        .containsExactly("1,000 series scraped, ms", "heap that a run and layer keeps, bytes");
    assertThat(result.goals().get(0).measured().number()).isPositive();
  }
}
