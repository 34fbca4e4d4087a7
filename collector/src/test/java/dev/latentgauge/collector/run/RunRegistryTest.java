package dev.latentgauge.collector.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RunRegistryTest {

  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");
  private static final RunEnd FAILED = new RunEnd(RunEnd.State.FAILED, "out of memory");

  private final Run run = Run.registered(RunInfo.named("a"), NOW);
  private final RunRegistry registry = new RunRegistry(Duration.ofSeconds(60));

  @Test
  void aLiveRunIsShownForEver() {
    registry.changed(run);
    assertThat(registry.shown(NOW.plus(Duration.ofDays(365)))).containsExactly(run);
  }

  @Test
  void anEndedRunLingersAndIsThenForgotten() {
    Run ended = run.ended(FAILED, NOW);
    registry.changed(ended);
    assertThat(registry.shown(NOW.plusSeconds(59))).containsExactly(ended);
    assertThat(registry.shown(NOW.plusSeconds(60))).isEmpty();
  }

  @Test
  void aRunThatIsResumedWhileItLingersStays() {
    registry.changed(run.ended(FAILED, NOW));
    Run resumed = run.ended(FAILED, NOW).with(RunInfo.named("a").withAttempt(2));
    registry.changed(resumed);
    assertThat(registry.shown(NOW.plusSeconds(60))).containsExactly(resumed);
  }

  @Test
  void aDeletedRunIsGoneAtOnce() {
    registry.changed(run);
    registry.deleted("a");
    assertThat(registry.shown(NOW)).isEmpty();
  }

  @Test
  void endedRunsAreForgottenEvenIfNobodyLooks() {
    registry.changed(run.ended(FAILED, NOW));
    Run other = Run.registered(RunInfo.named("b"), NOW).ended(FAILED, NOW.plusSeconds(60));
    registry.changed(other);
    assertThat(registry.shown(NOW)).containsExactly(other);
  }
}
