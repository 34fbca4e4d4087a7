package dev.latentgauge.collector.run;

import static dev.latentgauge.collector.Observations.REFERENCE;
import static dev.latentgauge.collector.Observations.scored;
import static dev.latentgauge.collector.Observations.undefined;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunTest {

  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");
  private static final RunEnd COMPLETED = new RunEnd(RunEnd.State.COMPLETED, "");
  private static final Series ENCODER = new Series("encoder", REFERENCE);

  private final Run run = Run.registered(RunInfo.named("a"), NOW);

  @Test
  void isLiveUntilItsEndIsReported() {
    assertThat(run.state()).isEqualTo(RunState.LIVE);
    assertThat(run.live()).isTrue();
    Run ended = run.ended(COMPLETED, NOW);
    assertThat(ended.state()).isEqualTo(RunState.COMPLETED);
    assertThat(ended.live()).isFalse();
  }

  @Test
  void takesObservationsAfterItsEndAndStaysEnded() {
    Run late = run.ended(COMPLETED, NOW).observed(List.of(scored(3, 0.5)));
    assertThat(late.state()).isEqualTo(RunState.COMPLETED);
    assertThat(late.observations()).isEqualTo(1);
  }

  @Test
  void isLiveAgainWithANewAttemptHoweverItIsHeardOf() {
    Run ended = run.ended(COMPLETED, NOW);
    Run registered = ended.with(RunInfo.named("a").withAttempt(2));
    Run observed = ended.observed(List.of(scored(2, "encoder", 0, 0.5)));
    assertThat(registered.state()).isEqualTo(RunState.LIVE);
    assertThat(observed.state()).isEqualTo(RunState.LIVE);
    assertThat(observed.attempt()).isEqualTo(2);
    assertThat(ended.with(RunInfo.named("a")).state()).isEqualTo(RunState.COMPLETED);
  }

  @Test
  void keepsTheTimeOfItsEndWhenTheSameEndIsReportedAgain() {
    Run ended = run.ended(COMPLETED, NOW);
    assertThat(ended.ended(COMPLETED, NOW.plusSeconds(9))).isSameAs(ended);
    Run other = ended.ended(new RunEnd(RunEnd.State.FAILED, "late"), NOW.plusSeconds(9));
    assertThat(other.state()).isEqualTo(RunState.FAILED);
  }

  @Test
  void doesNotEndBeforeItBeginsWhateverTheClockSays() {
    assertThat(run.ended(COMPLETED, NOW.minusSeconds(9)).ending().orElseThrow().at())
        .isEqualTo(NOW);
    assertThat(run.lost(NOW.minusSeconds(9)).ending().orElseThrow().at()).isEqualTo(NOW);
    assertThat(run.ended(COMPLETED, NOW.plusSeconds(9)).ending().orElseThrow().at())
        .isEqualTo(NOW.plusSeconds(9));
  }

  @Test
  void aRunThatIsLostIsLiveAgainWithItsNextWord() {
    Run lost = run.lost(NOW.plusSeconds(9));
    assertThat(lost.state()).isEqualTo(RunState.LOST);
    assertThat(lost.heard(NOW.plusSeconds(10)).live()).isTrue();
    assertThat(run.ended(COMPLETED, NOW).heard(NOW.plusSeconds(10)).state())
        .isEqualTo(RunState.COMPLETED);
  }

  @Test
  void itsLatestObservationHasTheHighestStepInWhateverOrderTheyArrive() {
    var observations =
        List.of(scored(1, 0.1), scored(2, 0.2), scored(3, 0.3), scored(2, "encoder", 1, 0.4));
    for (int rotation = 0; rotation < observations.size(); rotation++) {
      var rotated = new ArrayList<>(observations);
      Collections.rotate(rotated, rotation);
      Run atOnce = run.observed(rotated);
      Run oneByOne = run;
      for (var observation : rotated) {
        oneByOne = oneByOne.observed(List.of(observation));
      }
      assertThat(atOnce).isEqualTo(oneByOne);
      assertThat(atOnce.series().get(ENCODER))
          .isEqualTo(new SeriesState(scored(2, "encoder", 1, 0.4), 0));
    }
  }

  @Test
  void countsUndefinedMeasurementsBySeries() {
    Run observed =
        run.observed(List.of(undefined(1, "encoder", 2), scored(1, 0.5), undefined(1, "head", 1)));
    assertThat(observed.series().get(ENCODER))
        .isEqualTo(new SeriesState(undefined(1, "encoder", 2), 1));
    Run again = observed.observed(List.of(undefined(1, "encoder", 0)));
    assertThat(again.series().get(ENCODER))
        .isEqualTo(new SeriesState(undefined(1, "encoder", 2), 2));
  }

  @Test
  void itsNewestObservationBelongsToTheCurrentAttempt() {
    Run observed = run.observed(List.of(scored(9, 0.5)));
    assertThat(observed.newest()).contains(scored(9, 0.5));
    assertThat(observed.with(RunInfo.named("a").withAttempt(2)).newest()).isEmpty();
  }
}
