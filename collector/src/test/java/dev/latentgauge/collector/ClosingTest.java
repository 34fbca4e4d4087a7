package dev.latentgauge.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClosingTest {

  private final Closing closing = new Closing();
  private final AtomicBoolean closed = new AtomicBoolean();

  @Test
  void aStepThatHangsCostsItsTimeAndNotTheOthersTurn() {
    CountDownLatch never = new CountDownLatch(1);
    closing.step("one", Duration.ofMillis(10), never::await);
    closing.step("another", Duration.ofSeconds(50), () -> closed.set(true));
    assertThat(closed).isTrue();
    assertThat(closing.isComplete()).isFalse();
  }

  @Test
  void aStepThatFailsDoesNotEither() {
    closing.step(
        "one",
        Duration.ofSeconds(50),
        () -> {
          throw new IOException("the disk is gone");
        });
    closing.step("another", Duration.ofSeconds(50), () -> closed.set(true));
    assertThat(closed).isTrue();
    assertThat(closing.isComplete()).isFalse();
  }

  @Test
  void isCompleteOnceAllStepsWereDone() {
    closing.step("one", Duration.ofSeconds(50), () -> {});
    assertThat(closing.isComplete()).isTrue();
  }

  @Test
  void theTimesAddUpToTheDeadline() {
    for (long delay = 0; delay < 60; delay += 7) {
      for (long rest = 1; rest < 100; rest += 9) {
        Closing.Times times =
            Closing.Times.of(Duration.ofSeconds(delay), Duration.ofSeconds(delay + rest));
        assertThat(times.delay()).hasSeconds(delay);
        assertThat(times.requests()).isGreaterThanOrEqualTo(Duration.ofMillis(rest * 750));
        assertThat(times.delay().plus(times.requests()).plus(times.step().multipliedBy(6)))
            .hasSeconds(delay + rest);
      }
    }
  }
}
