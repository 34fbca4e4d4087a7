package dev.latentgauge.collector.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.MutableClock;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventLoopDelayTest {

  private final MutableClock clock = new MutableClock();

  @Test
  void isWhatIsLateBeyondTheSecondBetweenTwoLooks() {
    EventLoopDelay delay = new EventLoopDelay(clock);
    clock.pass(Duration.ofSeconds(1));
    delay.tick();
    assertThat(delay.delays().sumSeconds()).isZero();
    clock.pass(Duration.ofMillis(3250));
    delay.tick();
    clock.pass(Duration.ofMillis(900));
    delay.tick();
    assertThat(delay.delays().count()).isEqualTo(3);
    assertThat(delay.delays().sumSeconds()).isEqualTo(2.25);
  }

  @Test
  void aClockThatIsSetIsNoDelay() {
    EventLoopDelay delay = new EventLoopDelay(clock);
    clock.pass(Duration.ofHours(1));
    delay.tick();
    clock.pass(Duration.ofHours(-2));
    delay.tick();
    assertThat(delay.delays().sumSeconds()).isZero();
  }

  @Test
  void looksAtTheLoopByItself() throws InterruptedException {
    Vertx vertx = Vertx.vertx();
    CountDownLatch looked = new CountDownLatch(1);
    EventLoopDelay.of(
        vertx,
        vertx.getOrCreateContext(),
        () -> {
          if (io.vertx.core.Context.isOnEventLoopThread()) {
            looked.countDown();
          }
          return clock.instant();
        });
    looked.await();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
