package dev.latentgauge.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.latentgauge.observation.Observation;
import dev.latentgauge.relative.Score;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OverheadTest {

  private static final long MILLISECOND = 1_000_000;

  @Test
  void theTimeOfObservationsIsSpreadOverAllSteps() {
    List<Interleaving.Round> rounds =
        List.of(
            new Interleaving.Round(1, 3, 2 * MILLISECOND),
            new Interleaving.Round(3, 5, 2 * MILLISECOND));
    List<Long> steps =
        Stream.of(9, 1, 6, 1, 1).map(milliseconds -> milliseconds * MILLISECOND).toList();
    Overhead overhead =
        Overhead.fromOutside(
            rounds,
            steps,
            MILLISECOND,
            19 * MILLISECOND,
            List.of(observation(0), observation(2), observation(5)));
    assertThat(overhead.observationsOnTheWay()).isEqualTo(1);
    assertThat(overhead.millisPerObservation()).isEqualTo(5);
    assertThat(overhead.ratiosBetweenObservations()).containsExactly(1.0, 1.0);
    assertThat(overhead.waitedRatio()).isEqualTo(5.0 / 9);
    assertThat(overhead.waitedRatioWithEnd()).isEqualTo(0.6);
    assertThat(overhead.ratios())
        .allSatisfy(ratio -> assertThat(ratio).isCloseTo(2.25, within(1e-9)));
    assertThat(overhead.stepsPerSecond()).containsExactly(1000.0, 1000.0);
    assertThat(overhead.reportedRatio()).isEqualTo(0.5);
  }

  private static Observation observation(long step) {
    return Observation.builder(
            new Observation.Key(1, "encoder", "good@0123456789ab", step),
            Instant.EPOCH,
            "soft",
            new Score(0.75, 0.5, 0.5, 0.0625, 512, 128))
        .overheadRatio(OptionalDouble.of(0.5))
        .build();
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
    assertThat(Arguments.seconds("--seconds", "0.5")).isEqualTo(0.5);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Arguments.seconds("--second", "5"))
        .withMessageContaining("--second 5");
    assertThatIllegalArgumentException().isThrownBy(() -> Arguments.seconds("--seconds", "0"));
  }
}
