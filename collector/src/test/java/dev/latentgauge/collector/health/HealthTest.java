package dev.latentgauge.collector.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.health.Health.Outcome;
import dev.latentgauge.collector.health.Health.Report;
import dev.latentgauge.collector.health.Health.State;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HealthTest {

  private static final Duration LONG = Duration.ofSeconds(50);

  private static Report report(Health health) {
    return health.report().toCompletableFuture().join();
  }

  @Test
  void isGoodWithoutChecksAndWhileAllAreWell() {
    assertThat(report(new Health(LONG)).isGood()).isTrue();
    assertThat(report(new Health(LONG).add("a", Optional::empty)).isGood()).isTrue();
  }

  @Test
  void eachCheckIsNamedWithItsStateAndReason() {
    Health health =
        new Health(LONG)
            .add("disk", Optional::empty)
            .add("queue", () -> Optional.of("it is full"))
            .add(
                "file",
                () -> {
                  throw new FileSystemException("/secret/place", null, "No space left on device");
                })
            .add(
                "other",
                () -> {
                  throw new IOException("/secret/place is gone");
                });
    assertThat(report(health).isGood()).isFalse();
    assertThat(report(health).outcomes())
        .containsExactly(
            new Outcome("disk", State.OK, Optional.empty()),
            new Outcome("queue", State.FAILED, Optional.of("it is full")),
            new Outcome("file", State.FAILED, Optional.of("No space left on device")),
            new Outcome("other", State.FAILED, Optional.of("IOException")));
  }

  @Test
  void everyQuestionIsAnsweredAnew() {
    Deque<Optional<String>> complaints =
        new ArrayDeque<>(List.of(Optional.empty(), Optional.of("it broke"), Optional.empty()));
    Health health = new Health(LONG).add("a", complaints::remove);
    assertThat(report(health).isGood()).isTrue();
    assertThat(report(health).isGood()).isFalse();
    assertThat(report(health).isGood()).isTrue();
  }

  @Test
  void aCheckThatHangsIsLateAndIsNotMadeTwice() {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    Health health =
        new Health(Duration.ofMillis(20))
            .add(
                "a",
                () -> {
                  calls.incrementAndGet();
                  gate.await();
                  return Optional.empty();
                })
            .add("b", Optional::empty);
    for (int i = 0; i < 5; i++) {
      assertThat(report(health).outcomes())
          .first()
          .isEqualTo(new Outcome("a", State.LATE, Optional.of("there was no answer within 20 ms")));
    }
    assertThat(calls).hasValue(1);
    gate.countDown();
  }

  @Test
  void whoAsksTogetherSharesAnAnswer() {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    Health health =
        new Health(LONG)
            .add(
                "a",
                () -> {
                  calls.incrementAndGet();
                  gate.await();
                  return Optional.empty();
                });
    CompletableFuture<Report> first = health.report().toCompletableFuture();
    CompletableFuture<Report> second = health.report().toCompletableFuture();
    gate.countDown();
    assertThat(first.join().isGood() && second.join().isGood()).isTrue();
    assertThat(calls).hasValue(1);
  }

  @Test
  void whatHasEndedIsNotWellEvenForThoseWhoAskedBefore() {
    CountDownLatch gate = new CountDownLatch(1);
    Health health =
        new Health(LONG)
            .add(
                "a",
                () -> {
                  gate.await();
                  return Optional.empty();
                });
    CompletableFuture<Report> asked = health.report().toCompletableFuture();
    health.end("accepting", "it is shutting down");
    gate.countDown();
    assertThat(asked.join().outcomes())
        .startsWith(new Outcome("accepting", State.FAILED, Optional.of("it is shutting down")));
  }

  @Test
  void threadsThatWaitForEachOtherAreFound() throws InterruptedException {
    assertThat(Deadlocks.complaint()).isEmpty();
    ReentrantLock a = new ReentrantLock();
    ReentrantLock b = new ReentrantLock();
    CountDownLatch both = new CountDownLatch(2);
    Thread first = locker(a, b, both);
    Thread second = locker(b, a, both);
    while (Deadlocks.complaint().isEmpty()) {
      Thread.onSpinWait();
    }
    assertThat(Deadlocks.complaint()).contains("2 threads wait for each other");
    first.interrupt();
    second.interrupt();
    first.join();
    second.join();
    assertThat(Deadlocks.complaint()).isEmpty();
  }

  private static Thread locker(ReentrantLock first, ReentrantLock second, CountDownLatch both) {
    Thread thread =
        new Thread(
            () -> {
              first.lock();
              both.countDown();
              try {
                both.await();
                second.lockInterruptibly();
              } catch (InterruptedException e) {
                first.unlock();
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
