package dev.latentgauge.collector.run;

import static dev.latentgauge.collector.Observations.scored;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.MutableClock;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunRegistryTest {

  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");
  private static final RunEnd FAILED = new RunEnd(RunEnd.State.FAILED, "out of memory");

  private static final Duration LINGER = Duration.ofSeconds(60);

  private final Run run = Run.registered(RunInfo.named("a"), NOW);
  private final MutableClock stopwatch = new MutableClock();
  private final RunRegistry registry = new RunRegistry(LINGER, InstantSource.fixed(NOW), stopwatch);

  @Test
  void aLiveRunIsShownForEver() {
    registry.changed(run);
    stopwatch.pass(Duration.ofDays(365));
    assertThat(registry.shown()).containsExactly(run);
  }

  @Test
  void anEndedRunLingersAndIsThenForgotten() {
    Run ended = run.ended(FAILED, NOW);
    registry.changed(ended);
    stopwatch.pass(Duration.ofSeconds(59));
    assertThat(registry.shown()).containsExactly(ended);
    stopwatch.pass(Duration.ofSeconds(1));
    assertThat(registry.shown()).isEmpty();
  }

  @Test
  void howLongARunHasEndedDoesNotDependOnTheClockOfTheMachine() {
    registry.changed(run);
    Run ended =
        run.heard(NOW.minus(Duration.ofDays(9))).ended(FAILED, NOW.minus(Duration.ofDays(9)));
    registry.changed(ended);
    assertThat(registry.shown()).containsExactly(ended);
    stopwatch.pass(Duration.ofSeconds(59));
    registry.changed(ended.observed(List.of(scored(1, 0.5))));
    stopwatch.pass(Duration.ofSeconds(1));
    assertThat(registry.shown()).isEmpty();
  }

  @Test
  void aLateWordOfARunThatWasForgottenDoesNotShowItAgain() {
    Run late = run.ended(FAILED, NOW).heard(NOW.plus(LINGER));
    registry.changed(late);
    assertThat(registry.shown()).isEmpty();
    Run inTime = run.ended(FAILED, NOW).heard(NOW.plus(LINGER).minusMillis(1));
    registry.changed(inTime);
    assertThat(registry.shown()).containsExactly(inTime);
  }

  @Test
  void aRunThatIsResumedWhileItLingersStays() {
    registry.changed(run.ended(FAILED, NOW));
    Run resumed = run.ended(FAILED, NOW).with(RunInfo.named("a").withAttempt(2));
    registry.changed(resumed);
    stopwatch.pass(LINGER);
    assertThat(registry.shown()).containsExactly(resumed);
  }

  @Test
  void aDeletedRunIsGoneAtOnce() {
    registry.changed(run);
    registry.deleted("a");
    assertThat(registry.shown()).isEmpty();
  }

  @Test
  void aLiveRunIsSilentFromItsLastWordOn() {
    registry.changed(run);
    stopwatch.pass(Duration.ofSeconds(50));
    registry.changed(run.directed(Directive.stop("diverged")));
    stopwatch.pass(Duration.ofSeconds(9));
    assertThat(registry.silentFor(LINGER)).isEmpty();
    stopwatch.pass(Duration.ofSeconds(1));
    assertThat(registry.silentFor(LINGER)).extracting(Run::name).containsExactly("a");
    registry.changed(run.heard(NOW.plusSeconds(60)));
    assertThat(registry.silentFor(LINGER)).isEmpty();
    registry.changed(run.heard(NOW.plusSeconds(60)).ended(FAILED, NOW));
    stopwatch.pass(LINGER);
    assertThat(registry.silentFor(LINGER)).isEmpty();
  }

  @Test
  void anEndedRunIsForgottenThoughNobodyLooks() {
    registry.changed(run.ended(FAILED, NOW));
    stopwatch.pass(LINGER);
    registry.forget();
    registry.changed(run.ended(FAILED, NOW).heard(NOW.plus(LINGER)));
    assertThat(registry.shown()).isEmpty();
  }
}
