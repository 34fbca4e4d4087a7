package dev.latentgauge.delivery;

import static dev.latentgauge.delivery.Reports.END;
import static dev.latentgauge.delivery.Reports.RUN;
import static dev.latentgauge.delivery.Reports.observations;
import static dev.latentgauge.delivery.Reports.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latentgauge.delivery.TestServer.Reply;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.observation.Wire;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CourierTest {

  private static final String SECRET = "s3cret-and-nobody-s";

  @TempDir private Path folder;

  private Courier start(URI address, RunInfo run) {
    return Courier.start(
        new CollectorClient.Builder(address, Map.of("LATENTGAUGE_TOKEN", SECRET)).build(),
        run,
        Optional.of(folder),
        Courier.LEAST_LIMIT);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static List<Long> steps(TestServer server) {
    return server.requests().stream()
        .filter(request -> request.path().endsWith("/observations"))
        .flatMap(request -> Wire.readObservations(request.body(), 100).stream())
        .map(Observation::key)
        .map(Observation.Key::step)
        .toList();
  }

  /** Ends a courier as the end of the time for a last delivery does. */
  private static void closeNow(Courier courier) {
    Thread.currentThread().interrupt();
    courier.close();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whatAnEarlierProcessLeftAndCannotBeTakenKeepsNothingBack() throws Exception {
    try (TestServer server =
        TestServer.start(
            request -> TestServer.Reply.of(request.body().contains("\"step\":77,") ? 500 : 200))) {
      Courier earlier = start(server.address(), RUN);
      earlier.observed(observations(77, 78));
      closeNow(earlier);
      assertThat(files()).hasSize(1);
      Courier courier = start(server.address(), RUN);
      courier.observed(observations(0, 3));
      await().until(() -> steps(server).containsAll(range(0, 3)));
      courier.ended(END);
      courier.close();
      assertThat(server.lines()).contains("POST /v1/runs/run-1/end");
      assertThat(files()).as("what cannot be taken stays").hasSize(1);
    }
  }

  @Test
  void whatAnEarlierProcessLeftAndIsRefusedStaysAndKeepsNothingBack() throws Exception {
    try (TestServer server = TestServer.start(503)) {
      Courier earlier = start(server.address(), RUN.withStartedAt(Instant.EPOCH));
      earlier.observed(observations(77, 78));
      closeNow(earlier);
      server.behave(request -> Reply.of(request.body().contains("\"1970-") ? 409 : 200));
      Courier courier = start(server.address(), RUN);
      courier.observed(observations(0, 3));
      courier.ended(END);
      courier.close();
      assertThat(steps(server)).isEqualTo(range(0, 3));
      assertThat(courier.dropped()).isZero();
      assertThat(files()).hasSize(1);
    }
  }

  @Test
  void allIsDeliveredAndNothingIsLeftBehind() throws Exception {
    try (TestServer server = TestServer.start(200)) {
      Courier courier = start(server.address(), RUN);
      courier.observed(observations(0, 3));
      courier.observed(observations(3, 5));
      courier.ended(END);
      courier.close();
      assertThat(server.lines())
          .startsWith("PUT /v1/runs/run-1")
          .endsWith("POST /v1/runs/run-1/end");
      assertThat(steps(server)).isEqualTo(range(0, 5));
      assertThat(courier.waiting()).isZero();
      assertThat(courier.dropped()).isZero();
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void aRunIsRegisteredBeforeItIsObserved() throws Exception {
    try (TestServer server = TestServer.start(200)) {
      Courier courier = start(server.address(), RUN);
      await().until(() -> server.lines().contains("PUT /v1/runs/run-1"));
      courier.close();
    }
  }

  @Test
  void whatIsHandedOverIsOnDiskWhileASendHangs() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (TestServer server =
        TestServer.start(
            request -> {
              hanging.countDown();
              awaitQuietly(release);
              return Reply.of(200);
            })) {
      Courier courier = start(server.address(), RUN);
      hanging.await();
      courier.observed(observations(0, 2));
      assertThat(courier.waiting()).isEqualTo(2);
      Path copy = Files.createDirectory(folder.resolve("copy")).resolve("a.spool");
      Files.copy(spoolFile(), copy);
      try (Spool found = Spool.reopened(copy).orElseThrow()) {
        assertThat(found.waiting()).isEqualTo(2);
      }
      release.countDown();
      courier.close();
      assertThat(steps(server)).isEqualTo(range(0, 2));
    }
  }

  private Path spoolFile() throws IOException {
    return files().stream()
        .filter(file -> file.toString().endsWith(".spool"))
        .findFirst()
        .orElseThrow();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatIsLeftAtTheEndIsKeptAndSaid() throws Exception {
    try (TestServer server = TestServer.start(503)) {
      String logged =
          LoggedLines.during(
              () -> {
                Courier courier = start(server.address(), RUN);
                courier.observed(observations(0, 3));
                courier.ended(END);
                closeNow(courier);
              });
      assertThat(logged)
          .contains(
              "4 reports of run run-1 are kept in "
                  + folder
                  + " and will be sent by the run's next start or by: java -jar latentgauge.jar"
                  + " replay "
                  + folder);
      assertThat(files()).hasSize(1);
    }
  }

  @Test
  void theNextProcessOfARunDeliversFirstWhatTheOneBeforeItLeft() throws Exception {
    try (TestServer server = TestServer.start(503)) {
      Courier first = start(server.address(), RUN);
      first.observed(observations(0, 3));
      closeNow(first);
      server.behave(request -> Reply.of(200));
      int before = server.requests().size();
      Courier second = start(server.address(), RUN.withAttempt(2));
      second.observed(observations(3, 5));
      second.close();
      List<TestServer.Request> since = server.requests().subList(before, server.requests().size());
      assertThat(since)
          .extracting(TestServer.Request::line)
          .containsExactly(
              "PUT /v1/runs/run-1",
              "POST /v1/runs/run-1/observations",
              "PUT /v1/runs/run-1",
              "POST /v1/runs/run-1/observations");
      assertThat(since.get(0).body()).contains("\"attempt\":1");
      assertThat(since.get(2).body()).contains("\"attempt\":2");
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void whatOtherRunsAndOtherCollectorsAndLivingProcessesHaveIsLeftAlone() throws Exception {
    try (TestServer server = TestServer.start(200);
        TestServer away = TestServer.start(503)) {
      Courier otherRun = start(away.address(), RunInfo.named("run"));
      otherRun.observed(observations(0, 1));
      closeNow(otherRun);
      Courier otherCollector = start(away.address(), RUN);
      otherCollector.observed(observations(0, 1));
      closeNow(otherCollector);
      Courier living = start(away.address(), RUN);
      living.observed(observations(0, 1));
      List<Path> before = files();
      Courier courier = start(server.address(), RUN);
      courier.close();
      assertThat(steps(server)).isEmpty();
      assertThat(files()).containsExactlyInAnyOrderElementsOf(before);
      closeNow(living);
    }
  }

  @Test
  void aFileThatIsNoSpoolDoesNotStopTheDelivery() throws Exception {
    try (TestServer server = TestServer.start(200)) {
      Label label = new Label(server.address(), RUN);
      Path garbage =
          Files.writeString(new SpoolFolder(folder).newFile(label), "garbage".repeat(2000));
      String logged =
          LoggedLines.during(
              () -> {
                Courier courier = start(server.address(), RUN);
                courier.observed(observations(0, 1));
                courier.close();
              });
      assertThat(steps(server)).containsExactly(0L);
      assertThat(logged).contains(garbage.toString());
      assertThat(garbage).hasContent("garbage".repeat(2000));
    }
  }

  @Test
  void aTokenThatComesBackInAnAnswerIsNotLogged() throws Exception {
    for (int status : new int[] {400, 401}) {
      try (TestServer server =
          TestServer.start(
              request ->
                  new Reply(
                      status,
                      "{\"detail\": \"bad header " + request.authorization().orElseThrow() + "\"}",
                      Map.of("Content-Type", "application/problem+json")))) {
        String logged =
            LoggedLines.during(
                () -> {
                  Courier courier = start(server.address(), RUN);
                  courier.observed(observations(0, 3));
                  await().until(() -> server.requests().size() > 0);
                  closeNow(courier);
                });
        assertThat(logged).contains("bad header Bearer ***").doesNotContain(SECRET);
      }
    }
  }

  @Test
  void theTokenIsNotInTheLogWhenTheCollectorIsAway() throws Exception {
    URI nobody;
    try (TestServer server = TestServer.start(200)) {
      nobody = server.address();
    }
    String logged =
        LoggedLines.during(
            soFar -> {
              Courier courier = start(nobody, RUN);
              courier.observed(observations(0, 3));
              await().until(() -> soFar.get().contains("cannot be reached"));
              closeNow(courier);
            });
    assertThat(logged).contains("cannot be reached").doesNotContain(SECRET);
  }

  @Test
  void theTokenIsNeitherInTheLogNorInTheSpool() throws Exception {
    try (TestServer server = TestServer.start(401)) {
      String logged =
          LoggedLines.during(
              () -> {
                Courier courier = start(server.address(), RUN);
                courier.observed(observations(0, 3));
                await().until(() -> server.requests().size() > 1);
                closeNow(courier);
              });
      assertThat(server.requests())
          .allMatch(request -> request.authorization().equals(Optional.of("Bearer " + SECRET)));
      assertThat(logged).contains("was answered 401").doesNotContain(SECRET);
      assertThat(Files.readString(spoolFile(), StandardCharsets.ISO_8859_1))
          .contains("run-1")
          .doesNotContain(SECRET);
    }
  }
}
