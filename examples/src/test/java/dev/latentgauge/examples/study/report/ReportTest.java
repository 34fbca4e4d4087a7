package dev.latentgauge.examples.study.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.examples.study.measure.Measure;
import dev.latentgauge.examples.study.statistics.Case;
import dev.latentgauge.examples.study.statistics.RunCurve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

  private static final List<String> MEASURES = Measure.all().stream().map(Measure::name).toList();
  private static final List<String> VARIATIONS =
      List.of("anchors:64", "uniform:1", "uniform:2", "reference:ceiling");

  @TempDir private Path folder = Path.of("");

  @Test
  void aMeasureThatIsAccuracyIsPerfectAndOneThatIsNoiseIsClearlyWorse() throws IOException {
    String report =
        report(
            (measure, random) ->
                measure.equals(Measure.DEFAULT.name()) ? 0.0 : 5 * random.nextGaussian());

    assertThat(row(report, "Made up")).startsWith("| Made up | 60 | 1.00 (1.00 to 1.00) | ");
    assertThat(row(report, "linear CKA"))
        .isEqualTo("| linear CKA | " + "1 / 0 / 0 | ".repeat(7).strip());
    assertThat(report).contains("![", "](correlations.svg)", "](scatter.svg)");
  }

  @Test
  void oneMeasureThatEqualsTheDefaultIsNotToldApartFromIt() throws IOException {
    String report = report((measure, random) -> 0.0);
    assertThat(row(report, "linear CKA"))
        .isEqualTo("| linear CKA | " + "0 / 1 / 0 | ".repeat(7).strip());
  }

  @Test
  void ofExchangeableRunsTheIntervalsOfTheCalibrationContainAsManyAsAsked() throws IOException {
    String report = report((measure, random) -> 0.1 * random.nextGaussian());
    Matcher coverage =
        Pattern.compile("\\| a random half, 200 times \\| 6000 \\| ([0-9.]+) % ").matcher(report);
    assertThat(coverage.find()).isTrue();
    // 90 % are asked, at least 80 % promised; 60 runs say it to a few per cent.
    assertThat(Double.parseDouble(coverage.group(1))).isBetween(84.0, 97.0);
    assertThat(report).contains("| architecture CNN | 30 | ", "| architecture MLP | 30 | ");
  }

  /** Halves of 18 runs are too few to fit to; all of them would be enough. */
  @Test
  void aCalibrationIsNotFittedToTheRunsThatItIsTriedOn() throws IOException {
    assertThat(report(18, (measure, random) -> 0.1 * random.nextGaussian()))
        .contains("| a random half, 200 times | 0 | – |");
  }

  @Test
  void aPredictionIsTriedAtEarlierStepsToo() throws IOException {
    String report = report((measure, random) -> 0.0);
    // Accuracy at step 1 of 10 is half of what it becomes, and the score is the accuracy.
    assertThat(row(report, "a random half, 200 times, after 5 % of the steps"))
        .startsWith("| a random half, 200 times, after 5 % of the steps | 6000 | ");
  }

  @Test
  void aMeasureThatIsUndefinedInSomeRunsSaysInHowMany() throws IOException {
    String report =
        report(
            (measure, random) ->
                measure.equals("linear-cka") && random.nextInt(4) == 0 ? null : 0.0);
    assertThat(row(report, "Made up"))
        .containsPattern("1\\.00 \\(1\\.00 to 1\\.00\\) n=\\d\\d \\|");
    assertThat(row(report, "Made up")).startsWith("| Made up | 60 | 1.00 (1.00 to 1.00) | ");
  }

  @Test
  void drawsOfAnchorsAreSummarisedInOneRow() throws IOException {
    assertThat(report((measure, random) -> random.nextGaussian()))
        .contains("| selection: uniform, 2 draws | ", "| anchors: 64 | ")
        .contains("Over 2 draws of the anchors the score of a run has a standard deviation of 0.")
        .doesNotContain("uniform:1");
  }

  private static String row(String report, String title) {
    return report
        .lines()
        .filter(line -> line.startsWith("| " + title + " | "))
        .findFirst()
        .orElseThrow();
  }

  private String report(BiFunction<String, Random, @Nullable Double> error) throws IOException {
    return report(60, error);
  }

  /** Of runs whose measures are their accuracy and an error. */
  private String report(int count, BiFunction<String, Random, @Nullable Double> error)
      throws IOException {
    Section section =
        new Section(
            "Made up",
            "Nothing real.",
            runs("made-up", MEASURES, count, error),
            runs("made-up-variations", VARIATIONS, count, error),
            runs("made-up-references", MEASURES, 2, error));
    Report.of(List.of(section), new Provenance("a command", 1, LocalDate.of(2026, 1, 2)))
        .writeTo(folder);
    String text = Files.readString(folder.resolve("report.md"));
    assertThat(text).contains("Made on 2026-01-02 by `a command`");
    return text;
  }

  private static Case runs(
      String name,
      List<String> measures,
      int count,
      BiFunction<String, Random, @Nullable Double> error) {
    Random random = new Random(1);
    List<RunCurve> runs = new ArrayList<>();
    for (int run = 0; run < count; run++) {
      double quality = 0.3 + 0.5 * random.nextDouble();
      List<RunCurve.Point> points = new ArrayList<>();
      for (int step = 1; step <= 10; step++) {
        double accuracy = quality * (1 - 0.5 / step) + 0.05 * random.nextDouble();
        Map<String, Double> values = new HashMap<>();
        for (String measure : measures) {
          @Nullable Double wrong = error.apply(measure, random);
          if (wrong != null) {
            values.put(measure, Math.min(1, accuracy + wrong));
          }
        }
        points.add(new RunCurve.Point(step, step, accuracy, accuracy, accuracy, values));
      }
      Map<String, String> settings = Map.of("architecture", run % 2 == 0 ? "CNN" : "MLP");
      runs.add(RunCurve.of("run-" + run, settings, measures, points));
    }
    return new Case(name, measures, runs);
  }
}
