package dev.latentgauge.agent.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.observation.Wire;
import dev.latentgauge.relative.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A file that several write to, and a disk that is full. */
class JsonLinesWritersTest {

  private static final int REPORTS = 60;
  private static final int SIZE = 40;

  @TempDir private Path folder;

  @Test
  void linesOfThreadsAndProcessesAreNotTornApart() throws Exception {
    Path file = folder.resolve("reports.jsonl");
    Process process = start("exec \"$@\"", file, REPORTS);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Callable<Integer> writing = () -> written(file, REPORTS);
      List<Future<Integer>> writers = threads.invokeAll(List.of(writing, writing));
      assertThat(process.waitFor()).isZero();
      for (Future<Integer> writer : writers) {
        assertThat(writer.get()).isEqualTo(REPORTS);
      }
    } finally {
      threads.shutdownNow();
    }
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(3 * REPORTS * SIZE).allMatch(JsonLinesWritersTest::isWhole);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void ofAReportThatDoesNotFitNothingIsLeft() throws Exception {
    Path file = folder.resolve("reports.jsonl");
    // In units of 1 KiB: room for a part of the third report, but not for all of it.
    int room = 2 * report().length() / 1024 + 8;
    Process process = start("ulimit -f " + room + "; exec \"$@\"", file, 5);
    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(Files.readString(file)).hasLineCount(2 * SIZE).endsWith("}\n");
    assertThat(written(file, 1)).isEqualTo(1);
    assertThat(Files.readAllLines(file)).hasSize(3 * SIZE).allMatch(JsonLinesWritersTest::isWhole);
  }

  private static boolean isWhole(String line) {
    return line.equals(report().lines().findFirst().orElseThrow());
  }

  /** What one report puts into a file: more than the 8 KiB that are written at once by default. */
  private static String report() {
    String line =
        "{\"run\":\"writers\",\"event\":\"observation\","
            + Wire.write(observation()).substring(1)
            + "\n";
    return line.repeat(SIZE);
  }

  private static Observation observation() {
    return Observation.builder(
            new Observation.Key(1, "encoder", "good@1", 1),
            Instant.EPOCH,
            "soft",
            new Score(0.75, 0.5, 0.5, 0.125, 64, 24))
        .evaluations(Map.of("a".repeat(100), 0.5))
        .build();
  }

  /** Writes reports one after another, and answers how many could be. */
  private static int written(Path file, int reports) {
    JsonLinesReporter reporter = JsonLinesReporter.to(file);
    List<Observation> report = LongStream.range(0, SIZE).mapToObj(step -> observation()).toList();
    int written = 0;
    try {
      while (written < reports) {
        reporter.observed(RunInfo.named("writers"), report);
        written++;
      }
      return written;
    } catch (IOException e) {
      return written;
    }
  }

  private static Process start(String shell, Path file, int reports) throws IOException {
    return new ProcessBuilder(
            "bash",
            "-c",
            shell,
            "bash",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xshare:auto",
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Program.class.getName(),
            file.toString(),
            Integer.toString(reports))
        .inheritIO()
        .start();
  }

  /** Writes reports in a process of its own; its exit status is how many could be written. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      int reports = Integer.parseInt(arguments[1]);
      int written = written(Path.of(arguments[0]), reports);
      System.exit(written == reports ? 0 : written);
    }
  }
}
