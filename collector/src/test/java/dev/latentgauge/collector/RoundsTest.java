package dev.latentgauge.collector;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RoundsTest {

  private static final Duration SHORT = Duration.ofMillis(1);

  private static void close(Vertx vertx) {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void goOnAfterOneThatFailed() throws InterruptedException {
    Vertx vertx = Vertx.vertx();
    CountDownLatch three = new CountDownLatch(3);
    Rounds rounds =
        Rounds.begin(
            vertx,
            SHORT,
            () -> {
              three.countDown();
              throw new IllegalStateException("broken");
            });
    three.await();
    rounds.close();
    close(vertx);
  }

  @Test
  void oneThatIsUnderWayIsWaitedFor() throws Exception {
    Vertx vertx = Vertx.vertx();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    AtomicBoolean isOver = new AtomicBoolean();
    Rounds rounds =
        Rounds.begin(
            vertx,
            SHORT,
            () -> {
              begun.countDown();
              try {
                released.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              isOver.set(true);
            });
    begun.await();
    CompletableFuture<Boolean> closed =
        CompletableFuture.supplyAsync(
            () -> {
              rounds.close();
              return isOver.get();
            });
    released.countDown();
    assertThat(closed.join()).isTrue();
    close(vertx);
  }

  @Test
  void onceClosedNoneBeginsWhileTheThreadsEnd() throws Exception {
    String log =
        LoggedLines.during(
            soFar -> {
              for (int i = 0; i < 100; i++) {
                Vertx vertx = Vertx.vertx();
                CountDownLatch begun = new CountDownLatch(1);
                Rounds rounds = Rounds.begin(vertx, SHORT, begun::countDown);
                begun.await();
                rounds.close();
                close(vertx);
              }
            });
    assertThat(log).doesNotContain("ERROR", "Exception");
  }
}
