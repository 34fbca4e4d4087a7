package dev.latentgauge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CadenceTest {

  private final ManualTime time = new ManualTime();
  private final Stopwatch stopwatch = new Stopwatch(time);

  @Test
  void logSpacedStepsHitThePowersOfTenAndAsManyInBetween() {
    assertThat(due(Cadence.logSpaced(1), 20_000)).containsExactly(1L, 10L, 100L, 1000L, 10_000L);
    // 10^(i/3): 1, 2.15, 4.64, 10, 21.5, 46.4, 100.
    assertThat(due(Cadence.logSpaced(3), 100)).containsExactly(1L, 2L, 5L, 10L, 22L, 46L, 100L);
    // With 20 a decade several fall on the small steps, and each is due once.
    assertThat(due(Cadence.logSpaced(20), 10))
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
  }

  @Test
  void logSpacedStepsAreAsManyInEveryDecade() {
    List<Long> due = due(Cadence.logSpaced(50), 1_000_000);
    assertThat(due.stream().filter(step -> step > 10_000 && step <= 100_000)).hasSize(50);
    assertThat(due.stream().filter(step -> step > 100_000 && step <= 1_000_000)).hasSize(50);
  }

  private List<Long> due(Cadence cadence, long last) {
    return LongStream.rangeClosed(0, last)
        .filter(step -> cadence.dueAfterSteps(step, stopwatch))
        .boxed()
        .toList();
  }

  @Test
  void aDurationIsCountedFromTheEndOfTheLastMeasurement() {
    Cadence cadence = Cadence.every(Duration.ofMillis(1500));
    stopwatch.start(0);
    assertThat(cadence.dueAfterSteps(1, stopwatch)).isFalse();
    time.advance(1.5);
    assertThat(cadence.dueAfterSteps(2, stopwatch)).isTrue();
    stopwatch.pause(2);
    time.advance(10);
    stopwatch.resume(true);
    assertThat(cadence.dueAfterSteps(2, stopwatch)).isFalse();
    time.advance(1.5);
    assertThat(cadence.dueAfterSteps(3, stopwatch)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aBudgetIsKeptAtAnyMomentAndUsedUpWhileCostsStayTheSame(long seed) {
    Random random = new Random(seed);
    double ratio = 0.001 + 0.1 * random.nextDouble();
    double cost = 0.001 + random.nextDouble();
    double step = cost * (0.01 + random.nextDouble());
    List<Double> ratios = simulate(Cadence.budget(ratio), ratio, 30, () -> cost, step);
    assertThat(ratios).hasSizeGreaterThanOrEqualTo(30).allMatch(value -> value <= ratio);
    // What is left is the room for one more, and for the steps until it shows that there is any.
    assertThat(ratios.get(ratios.size() - 1)).isGreaterThan(0.9 * ratio);
  }

  @Test
  void aBudgetIsKeptWhenCostsGrowSlowlyAndComesBackToItAfterAJump() {
    Random random = new Random(7);
    double[] cost = {0.01};
    List<Double> growing = simulate(Cadence.budget(0.01), 0.01, 200, () -> cost[0] *= 1.01, 0.003);
    assertThat(growing).allMatch(value -> value <= 0.01);
    List<Double> jumpy =
        simulate(
            Cadence.budget(0.01), 0.01, 400, () -> random.nextInt(50) == 0 ? 0.5 : 0.01, 0.003);
    assertThat(jumpy.get(jumpy.size() - 1)).isLessThanOrEqualTo(0.01);
  }

  @Test
  void theDearestOfTheLastFiveMeasurementsIsWhatTheNextIsExpectedToCost() {
    stopwatch.start(0);
    measure(0);
    for (double cost : new double[] {2, 1, 1, 1, 1}) {
      time.advance(100);
      measure(cost);
    }
    // 6 s were waited for in 506 s, and two more of 2 s make 10 s of 510 s.
    assertThat(stopwatch.hasRoom(10 / 510.0 + 1e-9)).isTrue();
    assertThat(stopwatch.hasRoom(10 / 510.0 - 1e-9)).isFalse();
    time.advance(100);
    measure(1);
    // The dear one is the sixth from the end: 7 s in 607 s, and two of 1 s.
    assertThat(stopwatch.hasRoom(9 / 609.0 + 1e-9)).isTrue();
    assertThat(stopwatch.hasRoom(9 / 609.0 - 1e-9)).isFalse();
  }

  @Test
  void theFirstOfTwoBaselinesIsNoCost() {
    stopwatch.start(0);
    stopwatch.pause(0);
    time.advance(50);
    stopwatch.repeat();
    time.advance(1);
    stopwatch.resume(true);
    time.advance(100);
    assertThat(stopwatch.hasRoom(2 / 102.0 + 1e-9)).isTrue();
    assertThat(stopwatch.hasRoom(2 / 102.0 - 1e-9)).isFalse();
  }

  private void measure(double seconds) {
    stopwatch.pause(0);
    time.advance(seconds);
    stopwatch.resume(true);
  }

  /** Trains until so many measurements are made, and answers the share of waiting after each. */
  private List<Double> simulate(
      Cadence cadence, double ratio, int measurements, Cost cost, double secondsPerStep) {
    Stopwatch watch = new Stopwatch(time);
    watch.start(0);
    List<Double> ratios = new ArrayList<>();
    double waited = 0;
    double elapsed = 0;
    for (long steps = 0; ratios.size() < measurements; steps++) {
      if (cadence.dueAfterSteps(steps, watch)) {
        double seconds = cost.next();
        watch.pause(steps);
        time.advance(seconds);
        watch.resume(true);
        if (steps > 0) {
          waited += seconds;
          elapsed += seconds;
          ratios.add(waited / elapsed);
        }
      }
      time.advance(secondsPerStep);
      elapsed += secondsPerStep;
    }
    assertThat(cadence.budgetRatio()).hasValue(ratio);
    return ratios;
  }

  @Test
  void onlyWhatGoesByTheClockMayBeAskedALittleLater() {
    assertThat(Cadence.budget(0.5).goesByClock()).isTrue();
    assertThat(Cadence.every(Duration.ofMillis(1)).goesByClock()).isTrue();
    assertThat(Cadence.everyBatches(3).goesByClock()).isFalse();
    assertThat(Cadence.logSpaced(3).goesByClock()).isFalse();
    assertThat(Cadence.everyEpochs(3).goesByClock()).isFalse();
  }

  /** What the next measurement takes, in seconds. */
  private interface Cost {
    double next();
  }

  @Test
  void whatIsNoCadenceIsRefusedWithWhatWouldBe() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cadence.everyEpochs(0))
        .withMessage("a cadence must be of at least 1 epochs, but is of 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cadence.budget(0))
        .withMessage("a budget must be a share above 0 and at most 1, but is 0.0");
    assertThatIllegalArgumentException().isThrownBy(() -> Cadence.budget(Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> Cadence.budget(1.01));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cadence.every(Duration.ZERO))
        .withMessage("a cadence must be of a duration above 0, but is of PT0S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cadence.logSpaced(0))
        .withMessage("a cadence must have from 1 to 1000 measurements a decade, but has 0");
    assertThat(Cadence.every(Duration.ofSeconds(Long.MAX_VALUE))).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "1 %, at most 1 % of the time",
    "1%, at most 1 % of the time",
    "0.5 %, at most 0.5 % of the time",
    "100 %, at most 100 % of the time",
    "0.000000001 %, at most 0.000000001 % of the time",
    "1 batch, every batch",
    "100 batches, every 100 batches",
    "999999999 batches, every 999999999 batches",
    "1 epoch, every epoch",
    "2 epochs, every 2 epochs",
    "250 ms, every PT0.25S",
    "30 s, every PT30S",
    "1.5 s, every PT1.5S",
    "30s, every PT30S",
    "0.5 min, every PT30S",
    "90 min, every PT1H30M",
    "2 h, every PT2H",
    "999999999 h, every PT999999999H",
    "10 per decade, 10 a decade",
    "'  007   epochs ', every 7 epochs"
  })
  void isReadFromAText(String text, String cadence) {
    assertThat(Cadence.parse(text)).hasToString(cadence);
  }

  @Test
  void whatIsReadDecidesAsWhatIsBuilt() {
    assertThat(due(Cadence.parse("4 batches"), 12)).containsExactly(0L, 4L, 8L, 12L);
    assertThat(Cadence.parse("4 batches").countsBatches()).isTrue();
    assertThat(due(Cadence.parse("3 per decade"), 100))
        .containsExactly(1L, 2L, 5L, 10L, 22L, 46L, 100L);
    assertThat(Cadence.parse("2 epochs").dueAfterEpochs(4, stopwatch)).isTrue();
    assertThat(Cadence.parse("2 epochs").dueAfterEpochs(5, stopwatch)).isFalse();
    assertThat(Cadence.parse("2 epochs").dueAfterSteps(4, stopwatch)).isFalse();
    assertThat(Cadence.parse("7 %").budgetRatio()).hasValue(0.07);
    assertThat(Cadence.parse("7 s").budgetRatio()).isEmpty();
    stopwatch.start(0);
    time.advance(1.5);
    assertThat(Cadence.parse("1500 ms").dueAfterSteps(1, stopwatch)).isTrue();
    assertThat(Cadence.parse("1501 ms").dueAfterSteps(1, stopwatch)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "1",
        "batches",
        "often",
        "-1 batches",
        "+1 batches",
        "1,5 s",
        ".5 s",
        "1. s",
        "1e3 batches",
        "1 Epoch",
        "30 seconds",
        "1 hour",
        "5 m",
        "10 per  decade",
        "10 decade",
        "1 % of the time",
        "every 2 epochs",
        "2 epochs, 3 batches",
        "1000000000 batches",
        "0.0000000001 %"
      })
  void aTextThatIsNoCadenceIsRefusedWithExamples(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cadence.parse(text))
        .withMessage(
            "a cadence must be like \"1 %\", \"100 batches\", \"2 epochs\", \"30 s\" or \"10 per"
                + " decade\", but is \""
                + text
                + "\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 %             | a budget must be a share above 0 and at most 1, but is 0.0
          100.5 %         | a budget must be a share above 0 and at most 1, but is 1.005
          0 batches       | a cadence must be of at least 1 batches, but is of 0
          0 epochs        | a cadence must be of at least 1 epochs, but is of 0
          0 s             | a cadence must be of a duration above 0, but is of PT0S
          0 per decade    | a cadence must have from 1 to 1000 measurements a decade, but has 0
          1001 per decade | a cadence must have from 1 to 1000 measurements a decade, but has 1001
          1.5 batches     | a cadence must be of a whole number up to 2147483647, but is 1.5 batches
          2.0 epochs      | a cadence must be of a whole number up to 2147483647, but is 2.0 epochs
          0.5 per decade  | a cadence must be of a whole number up to 2147483647, but is 0.5 per decade
          """)
  void aNumberThatIsOutOfRangeIsRefusedWithTheRange(String text, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> Cadence.parse(text)).withMessage(message);
  }
}
