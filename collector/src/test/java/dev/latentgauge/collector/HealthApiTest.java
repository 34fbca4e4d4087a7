package dev.latentgauge.collector;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What orchestrators ask. */
@Timeout(120)
class HealthApiTest {

  /** As many as Vert.x has. */
  private static final int WORKERS = 20;

  @TempDir private Path data;
  private final StoppableClock clock = new StoppableClock();
  private final ExecutorService clients = Executors.newFixedThreadPool(WORKERS);

  /** A clock that keeps those who ask for the time, but for the event loop. */
  private static final class StoppableClock implements InstantSource {
    private final CountDownLatch stopped = new CountDownLatch(WORKERS);
    private volatile CountDownLatch gate = new CountDownLatch(0);

    @Override
    public Instant instant() {
      if (gate.getCount() > 0 && !Context.isOnEventLoopThread()) {
        stopped.countDown();
        try {
          gate.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      return Instant.EPOCH;
    }
  }

  private Collector start() throws IOException {
    return Collector.start(TestOptions.builder().data(data).clock(clock).build());
  }

  @AfterEach
  void close() {
    clock.gate.countDown();
    clients.shutdownNow();
  }

  @Test
  void aFolderThatCannotBeWrittenMakesItUnreadyUntilItCan() throws IOException {
    try (Collector collector = start()) {
      Client client = new Client(collector.address());
      assertThat(client.get("/health/ready").status()).isEqualTo(200);
      Path inTheWay = Files.createDirectory(data.resolve("health"));
      Client.Reply unready = client.get("/health/ready");
      assertThat(unready.status()).isEqualTo(503);
      assertThat(unready.text())
          .contains("{\"ready\":false,", "{\"name\":\"data\",\"state\":\"failed\",\"reason\":")
          .doesNotContain(data.toString());
      assertThat(client.get("/health/live").status()).as("a restart would not help").isEqualTo(200);
      Files.delete(inTheWay);
      assertThat(client.get("/health/ready").status()).isEqualTo(200);
    }
    assertThat(data.resolve("health")).doesNotExist();
  }

  @Test
  void aPoolOfWorkersThatAllHangMakesItDeadUntilTheyAnswer() throws Exception {
    try (Collector collector = start()) {
      Client client = new Client(collector.address());
      clock.gate = new CountDownLatch(1);
      List<CompletableFuture<Client.Reply>> puts = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        String run = "/v1/runs/run-" + i;
        puts.add(
            CompletableFuture.supplyAsync(
                () -> new Client(collector.address()).put(run, "{}"), clients));
      }
      clock.stopped.await();
      Client.Reply dead = client.get("/health/live");
      assertThat(dead.status()).isEqualTo(503);
      assertThat(dead.text())
          .contains("{\"live\":false,", "{\"name\":\"workers\",\"state\":\"late\",\"reason\":");
      clock.gate.countDown();
      for (CompletableFuture<Client.Reply> put : puts) {
        assertThat(put.join().status()).isEqualTo(200);
      }
      assertThat(client.get("/health/live").status()).isEqualTo(200);
    }
  }
}
