package dev.latentgauge.examples.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latentgauge.examples.study.statistics.Case;
import dev.latentgauge.examples.study.statistics.MeasurementTable;
import dev.latentgauge.examples.study.statistics.RunCurve;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StudyTest {

  private static final Path DIGITS =
      Path.of("/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz");

  @TempDir private Path folder = Path.of("");

  @Test
  void aSmokeRunEndsWithAReportAndASecondOneTrainsNothing() throws IOException {
    assertThat(run("--task", "digits", "--scale", "smoke")).isZero();

    Path results = folder.resolve("results");
    assertThat(results.resolve("report.md"))
        .content()
        .contains("## Digits", "| 3 |", "when one thing is changed");
    assertThat(results.resolve("correlations.svg")).content().startsWith("<?xml");
    assertHalvesMakeTheWhole(MeasurementTable.read(results.resolve("digits.csv")));
    Map<Path, FileTime> before = times();

    assertThat(run("--task", "digits", "--scale", "smoke")).isZero();
    assertThat(times()).isEqualTo(before);

    assertThat(run("--task", "digits", "--scale", "smoke", "--fleets")).isZero();
    assertThat(results.resolve("fleets.md"))
        .content()
        .contains("## Digits, 3 runs", "Too few to draw fleets from.");
    assertThat(run("--task", "digits", "--scale", "smoke", "--fleets", "--report-only")).isOne();
    Files.delete(results.resolve("fleets.md"));
    assertPoliciesNeedTablesAlone(results);

    assertThat(run("--task", "digits", "--scale", "smoke", "--remeasure")).isZero();
    Path table = folder.resolve("work/smoke/digits/digits.csv");
    assertThat(times().get(table)).isGreaterThan(before.get(table));
    assertThat(results.resolve("digits.csv")).hasSameBinaryContentAs(table);
  }

  private void assertPoliciesNeedTablesAlone(Path results) throws IOException {
    Files.delete(results.resolve("report.md"));
    String nowhere = folder.resolve("nowhere").toString();
    assertThat(run("--task", "digits", "--report-only", "--policies", "--data", nowhere)).isZero();
    assertThat(results.resolve("policies.md"))
        .content()
        .contains(
            "## Digits, 3 runs",
            "## Digits, after the activation, 3 runs",
            "Too few to draw groups from.");
    assertThat(results.resolve("report.md")).doesNotExist();

    assertThat(run("--task", "digits", "--scale", "smoke", "--policies")).isZero();
    assertThat(results.resolve("report.md")).exists();
    assertThat(run("--task", "digits", "--scale", "smoke", "--train-only", "--policies")).isOne();
    Files.delete(results.resolve("policies.md"));
  }

  /** 385 digits test: one half has 192 of them, the other 193. */
  private static void assertHalvesMakeTheWhole(Case table) {
    boolean differ = false;
    for (RunCurve run : table.runs()) {
      for (int i = 0; i < run.steps().length; i++) {
        double a = run.accuraciesA()[i];
        double b = run.accuraciesB()[i];
        assertThat((192 * a + 193 * b) / 385).isEqualTo(run.accuracies()[i], within(1e-4));
        differ |= Math.abs(a - b) > 0.001;
      }
    }
    assertThat(differ).isTrue();
  }

  @Test
  void aTrainingThatIsMissingIsMadeUpForAndTheTablesWithIt() throws IOException {
    assertThat(run("--task", "digits", "--scale", "smoke", "--train-only")).isZero();
    Map<Path, FileTime> before = times();
    Path lost = folder.resolve("work/smoke/digits/run-001.npz");
    Files.delete(lost);

    assertThat(run("--task", "digits", "--scale", "smoke", "--train-only")).isZero();

    assertThat(times().keySet()).isEqualTo(before.keySet());
    assertThat(Files.getLastModifiedTime(lost)).isGreaterThan(before.get(lost));
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "data/digits"})
  void dataMayLieInAFolderOfTheirNameOrInThatGiven(String where) throws IOException {
    Path digits = Files.createDirectories(folder.resolve(where));
    Files.copy(DIGITS, digits.resolve("digits.csv.gz"));

    String data = folder.resolve("data").toString();
    assertThat(run("--task", "digits", "--scale", "smoke", "--train-only", "--data", data))
        .isZero();
  }

  @Test
  void aReportWithoutTablesIsRefused() {
    assertThat(run("--task", "digits", "--scale", "smoke", "--report-only")).isEqualTo(1);
  }

  @Test
  void aFolderWithoutTheDataIsNamed() {
    assertThat(run("--task", "digits", "--scale", "smoke", "--data", folder.toString()))
        .isEqualTo(1);
  }

  private int run(String... arguments) {
    List<String> all =
        Stream.concat(
                Stream.of(arguments),
                Stream.of(
                    "--work",
                    folder.resolve("work").toString(),
                    "--output",
                    folder.resolve("results").toString()))
            .toList();
    return Study.execute(all.toArray(String[]::new));
  }

  /** When the recordings and the tables were written; the report is written each time. */
  private Map<Path, FileTime> times() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".npz") || file.toString().endsWith(".csv"))
          .collect(Collectors.toMap(file -> file, StudyTest::time));
    }
  }

  private static FileTime time(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
