package dev.latentgauge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.Client;
import dev.latentgauge.collector.Collector;
import dev.latentgauge.collector.CollectorOptions;
import dev.latentgauge.delivery.CollectorClient;
import dev.latentgauge.delivery.Courier;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.observation.Wire;
import dev.latentgauge.relative.Undefined;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReplayCommandTest {

  @TempDir private Path folder;
  private Path spool = Path.of(".");
  private URI nobody = URI.create("http://127.0.0.1");
  private Collector collector;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    spool = Files.createDirectory(folder.resolve("spool"));
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
    collector =
        Collector.start(CollectorOptions.builder().port(0).data(folder.resolve("data")).build());
    client = new Client(collector.address());
  }

  @AfterEach
  void close() {
    collector.close();
  }

  private Courier courier(RunInfo run) {
    return Courier.start(
        CollectorClient.builder(nobody).build(), run, Optional.of(spool), Courier.LEAST_LIMIT);
  }

  /** What a training leaves that ends while the collector is away. */
  private void leave(RunInfo run, int observations) {
    Courier courier = courier(run);
    courier.observed(
        LongStream.range(0, observations)
            .mapToObj(step -> observation(run.attempt(), step))
            .toList());
    courier.ended(new RunEnd(RunEnd.State.COMPLETED, "").ofAttempt(run.attempt()));
    closeNow(courier);
  }

  private static void closeNow(Courier courier) {
    Thread.currentThread().interrupt();
    courier.close();
    assertThat(Thread.interrupted()).isTrue();
  }

  private static Observation observation(int attempt, long step) {
    return Observation.builder(
            new Observation.Key(attempt, "encoder", "good@1", step),
            Instant.EPOCH,
            "soft",
            new Undefined("for the test"))
        .build();
  }

  private int stored(String run) {
    return client
        .get("/v1/runs/" + run + "/observations?limit=1000")
        .json()
        .getAsJsonArray("observations")
        .size();
  }

  @Test
  void everyRunIsDeliveredAndHasALine() {
    leave(RunInfo.named("b"), 3);
    leave(RunInfo.named("a"), 120);
    leave(RunInfo.named("a").withAttempt(2), 1);
    CommandRun run = CommandRun.of("replay", spool, "--to", collector.address());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out().lines())
        .containsExactlyInAnyOrder(
            "run a, attempt 1: 121 delivered",
            "run a, attempt 2: 2 delivered",
            "run b, attempt 1: 4 delivered");
    assertThat(stored("a")).isEqualTo(121);
    assertThat(stored("b")).isEqualTo(3);
    assertThat(client.get("/v1/runs/b").json().get("state").getAsString()).isEqualTo("completed");
    assertThat(spool).isEmptyDirectory();
  }

  @Test
  void oneRunAloneIsDeliveredOnRequest() {
    leave(RunInfo.named("a"), 1);
    leave(RunInfo.named("b"), 1);
    assertThat(CommandRun.of("replay", spool, "--to", collector.address(), "--run", "b").out())
        .isEqualTo("run b, attempt 1: 2 delivered" + System.lineSeparator());
    assertThat(client.get("/v1/runs/a").status()).isEqualTo(404);
    assertThat(spool).isDirectoryContaining("glob:**a-1-*.spool");
  }

  @Test
  void whatStillWaitsIsSaidWithItsReason() {
    leave(RunInfo.named("a"), 1);
    CommandRun run = CommandRun.of("replay", spool, "--timeout", "3s");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .startsWith("run a, attempt 1: 0 delivered, 2 still waiting: the collector at " + nobody)
        .contains("cannot be reached");
    assertThat(CommandRun.of("replay", spool, "--to", collector.address()).code()).isZero();
    assertThat(stored("a")).isEqualTo(1);
  }

  @Test
  void whatTheCollectorRefusesForGoodIsGivenUpAndCounted() {
    client.report("a", other(1));
    leave(RunInfo.named("a"), 3);
    CommandRun run = CommandRun.of("replay", spool, "--to", collector.address());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out().lines()).containsExactly("run a, attempt 1: 3 delivered, 1 given up");
    assertThat(stored("a")).isEqualTo(3);
  }

  @Test
  void whatTheCollectorRefusesAsAWholeStaysAndIsNotTriedAgain() {
    client.put("/v1/runs/a", Wire.write(RunInfo.named("a").withStartedAt(Instant.EPOCH)));
    leave(RunInfo.named("a").withStartedAt(Instant.EPOCH.plusSeconds(1)), 3);
    CommandRun run =
        CommandRun.of("replay", spool, "--to", collector.address(), "--timeout", "10h");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .startsWith("run a, attempt 1: 0 delivered, 4 still waiting: PUT ")
        .contains("was answered 409");
    assertThat(spool).isDirectoryContaining("glob:**a-1-*.spool");
  }

  @Test
  void aRunThatLeftNothingIsToldFromThoseThatDid() {
    leave(RunInfo.named("lr-0.01"), 1);
    CommandRun run = CommandRun.of("replay", spool, "--run", "lr-0.1");
    assertThat(run.out()).contains("nothing of run lr-0.1 waits in", "but files of lr-0.01");
  }

  @Test
  void anAddressWithoutASchemeAndATokenFileThatIsNotThereAreNotUnderstood() {
    leave(RunInfo.named("a"), 1);
    CommandRun address = CommandRun.of("replay", spool, "--to", "127.0.0.1:9475");
    assertThat(address.code()).isEqualTo(2);
    assertThat(address.err()).contains("must be an address like http://127.0.0.1:9475, but is");
    CommandRun token = CommandRun.of("replay", spool, "--token-file", folder.resolve("token"));
    assertThat(token.code()).isEqualTo(2);
    assertThat(token.err()).contains("--token-file must be a file that can be read, but is");
  }

  /** The same key with other content. */
  private static Observation other(long step) {
    return Observation.builder(
            new Observation.Key(1, "encoder", "good@1", step),
            Instant.EPOCH,
            "soft",
            new Undefined("for another reason"))
        .build();
  }

  @Test
  void aFileOfALivingProcessIsSkippedAndSoIsOneThatIsNoSpool() throws IOException {
    Courier living = courier(RunInfo.named("living"));
    living.observed(List.of(observation(1, 0)));
    Path garbage = Files.writeString(spool.resolve("garbage.spool"), "garbage".repeat(2000));
    Files.writeString(spool.resolve("python.report"), "of another kind");
    CommandRun run = CommandRun.of("replay", spool, "--to", collector.address());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out().lines())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("skipped: ") && line.endsWith("in a living process"))
        .anyMatch(line -> line.startsWith("skipped: " + garbage));
    assertThat(garbage).hasContent("garbage".repeat(2000));
    closeNow(living);
  }

  @Test
  void anEmptyFolderIsNoFailureAndAMissingOneIs() {
    CommandRun empty = CommandRun.of("replay", spool);
    assertThat(empty.code()).isZero();
    assertThat(empty.out()).contains("nothing waits in " + spool);
    CommandRun missing = CommandRun.of("replay", folder.resolve("missing"));
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.err()).contains(folder.resolve("missing") + " does not exist");
  }
}
