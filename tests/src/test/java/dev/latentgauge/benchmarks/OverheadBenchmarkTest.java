package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class OverheadBenchmarkTest {

  private static final String RATIO = "\\d\\.\\d{4} \\(\\d\\.\\d{4} to \\d\\.\\d{4}\\)";
  private static final String SHARE = "\\d+\\.\\d{3} %";
  private static final String NUMBER = "\\d+\\.\\d+";

  @Test
  void aRowHasACellForEveryColumn() {
    List<String> lines =
        lines(
            new OverheadBenchmark.Row(ModelSize.SMALL, 16, OptionalDouble.of(0.5)),
            new OverheadBenchmark.Row(ModelSize.SMALL, 16, OptionalDouble.empty()));
    int head = lines.indexOf("") + 1;
    assertThat(lines).hasSize(head + 4);
    assertThat(lines.subList(head, head + 4))
        .allSatisfy(line -> assertThat(line.chars().filter(c -> c == '|')).hasSize(12));
    assertThat(lines.get(head + 2))
        .matches(
            row(
                "small",
                "16",
                "50.0 %",
                NUMBER,
                RATIO,
                SHARE,
                SHARE,
                "\\d+ \\+ 1",
                NUMBER,
                "\\d+ s",
                NUMBER + " µs"));
    assertThat(lines.get(head + 3))
        .matches(
            row(
                "small",
                "16",
                "never",
                NUMBER,
                RATIO,
                "-",
                "-",
                "0 \\+ 1",
                NUMBER,
                "-",
                NUMBER + " µs"));
  }

  private static List<String> lines(OverheadBenchmark.Row... rows) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new OverheadBenchmark(0.01, new PrintStream(bytes, true, UTF_8)).print(List.of(rows));
    return bytes.toString(UTF_8).lines().toList();
  }

  private static String row(String... cells) {
    return "\\| (" + String.join(") \\| (", cells) + ") \\|";
  }

  @Test
  void theClockOfATrainingStandsStillWhileTheOtherTrains() {
    OwnTime time = new OwnTime();
    time.resume();
    time.suspend();
    long suspended = time.nanoTime();
    assertThat(time.nanoTime()).isEqualTo(suspended);
    time.resume();
    assertThat(time.nanoTime()).isGreaterThanOrEqualTo(suspended);
  }

  @Test
  void aMedianHasAnIntervalAroundIt() {
    List<Double> values = List.of(4.0, 1.0, 3.0, 2.0);
    assertThat(Quantiles.median(values)).isEqualTo(2.5);
    assertThat(Quantiles.of(values, 0)).isEqualTo(1);
    assertThat(Quantiles.of(values, 1)).isEqualTo(4);
    assertThat(Quantiles.ofMedian(List.of(2.0, 2.0))).isEqualTo(new Quantiles.Interval(2, 2));
  }

  @Test
  void otherOptionsAreRefused() {
    assertThat(OverheadBenchmark.seconds("--seconds", "0.5")).isEqualTo(0.5);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OverheadBenchmark.seconds("--second", "5"))
        .withMessageContaining("--second 5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OverheadBenchmark.seconds("--seconds", "0"));
  }
}
