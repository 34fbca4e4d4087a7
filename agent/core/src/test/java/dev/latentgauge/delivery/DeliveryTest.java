package dev.latentgauge.delivery;

import static dev.latentgauge.delivery.Reports.END;
import static dev.latentgauge.delivery.Reports.LABEL;
import static dev.latentgauge.delivery.Reports.RUN;
import static dev.latentgauge.delivery.Reports.START;
import static dev.latentgauge.delivery.Reports.observations;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.delivery.Delivery.Step;
import dev.latentgauge.delivery.TestServer.Reply;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One exchange after the other, with a real server; the spool is in memory. */
class DeliveryTest {

  private static final String PATH = "/v1/runs/run-1";
  private static final String RECEIPT =
      "{\"accepted\":1,\"duplicates\":0,\"directive\":{\"action\":\"stop\",\"reason\":\"flat\"}}";

  private final Spool spool = Spool.inMemory(LABEL, 1 << 20);

  private Delivery delivery(URI address) {
    return delivery(CollectorClient.builder(address).build());
  }

  private Delivery delivery(CollectorClient client) {
    return new Delivery(
        client, spool, new Backoff(new SplittableRandom(1)), new Complaints(), true);
  }

  private static List<Step> steps(Delivery delivery) {
    List<Step> steps = new ArrayList<>();
    do {
      steps.add(delivery.next());
    } while (steps.get(steps.size() - 1).kind() == Step.Kind.MOVED);
    return steps;
  }

  private static Step last(Delivery delivery) {
    List<Step> steps = steps(delivery);
    return steps.get(steps.size() - 1);
  }

  @Test
  void theRunComesFirstThenObservationsInBatchesThenTheEnd() throws Exception {
    try (TestServer server = TestServer.start(200)) {
      spool.append(observations(0, 250));
      spool.end(END);
      Delivery delivery = delivery(server.address());
      assertThat(last(delivery)).isEqualTo(Step.IDLE);
      assertThat(server.requests())
          .extracting(TestServer.Request::line)
          .containsExactly(
              "PUT " + PATH,
              "POST " + PATH + "/observations",
              "POST " + PATH + "/observations",
              "POST " + PATH + "/observations",
              "POST " + PATH + "/end");
      assertThat(server.requests())
          .extracting(TestServer.Request::body)
          .containsExactly(
              Wire.write(RUN),
              Wire.write(observations(0, 100)),
              Wire.write(observations(100, 200)),
              Wire.write(observations(200, 250)),
              Wire.write(END));
      assertThat(spool.waiting()).isZero();
      assertThat(delivery.delivered()).isEqualTo(251);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 401, 403, 404, 407, 408, 421, 425, 429, 500, 503, 507})
  void whatCannotBeTakenNowWaitsAndIsSentAgain(int status) throws Exception {
    try (TestServer server = TestServer.start(200)) {
      Delivery delivery = delivery(server.address());
      spool.append(observations(0, 2));
      assertThat(delivery.next()).isEqualTo(Step.MOVED);
      server.behave(request -> Reply.of(status));
      for (int i = 0; i < 3; i++) {
        Step step = delivery.next();
        assertThat(step.kind()).isEqualTo(Step.Kind.WAITS);
        assertThat(step.why()).contains("was answered " + status + " because");
        assertThat(spool.waiting()).isEqualTo(2);
      }
      server.behave(request -> Reply.of(200));
      assertThat(last(delivery)).isEqualTo(Step.IDLE);
      assertThat(spool.waiting()).isZero();
      assertThat(spool.dropped()).isZero();
      assertThat(delivery.delivered()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 405, 409, 410, 413, 415, 422})
  void ofABatchThatIsRefusedOnlyTheObservationAtFaultIsLost(int status) throws Exception {
    try (TestServer server =
        TestServer.start(
            request -> Reply.of(request.body().contains("\"step\":7,") ? status : 200))) {
      spool.append(observations(0, 20));
      Delivery delivery = delivery(server.address());
      assertThat(last(delivery)).isEqualTo(Step.IDLE);
      assertThat(spool.waiting()).isZero();
      assertThat(spool.dropped()).isEqualTo(1);
      assertThat(delivery.delivered()).isEqualTo(19);
    }
  }

  @Test
  void afterABatchThatWasSentAloneOthersAreSentTogetherAgain() throws Exception {
    try (TestServer server =
        TestServer.start(request -> Reply.of(request.body().contains("\"step\":1,") ? 400 : 200))) {
      spool.append(observations(0, 3));
      Delivery delivery = delivery(server.address());
      assertThat(last(delivery)).isEqualTo(Step.IDLE);
      spool.append(observations(3, 6));
      assertThat(last(delivery)).isEqualTo(Step.IDLE);
      assertThat(server.lines()).hasSize(1 + 1 + 3 + 1);
    }
  }

  @Test
  void aCollectorThatHasForgottenTheRunIsToldOfItAgainFirst() throws Exception {
    try (TestServer server = TestServer.start(200)) {
      Delivery delivery = delivery(server.address());
      assertThat(last(delivery)).isEqualTo(Step.IDLE);
      server.behave(request -> Reply.of(request.method().equals("PUT") ? 200 : 404));
      spool.end(END);
      assertThat(delivery.next().kind()).isEqualTo(Step.Kind.WAITS);
      server.behave(request -> Reply.of(200));
      assertThat(last(delivery)).isEqualTo(Step.IDLE);
      assertThat(server.lines())
          .containsExactly(
              "PUT " + PATH, "POST " + PATH + "/end", "PUT " + PATH, "POST " + PATH + "/end");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 405, 409, 410, 422})
  void whatIsRefusedBySomethingElseThanACollectorWaits(int status) throws Exception {
    try (TestServer server =
        TestServer.start(
            request -> new Reply(status, "<html>", Map.of("Content-Type", "text/html")))) {
      spool.append(observations(0, 3));
      Delivery delivery = delivery(server.address());
      assertThat(delivery.next().kind()).isEqualTo(Step.Kind.WAITS);
      server.behave(request -> Reply.of(200));
      assertThat(last(delivery)).isEqualTo(Step.IDLE);
      assertThat(spool.dropped()).isZero();
      assertThat(delivery.delivered()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 409, 422})
  void ofARunThatIsRefusedNothingIsSentAndAllIsCounted(int status) throws Exception {
    try (TestServer server = TestServer.start(status)) {
      spool.append(observations(0, 3));
      Delivery delivery = delivery(server.address());
      assertThat(LoggedLines.during(() -> assertThat(last(delivery)).isEqualTo(Step.IDLE)))
          .containsOnlyOnce("the run run-1 is not reported");
      spool.append(observations(3, 5));
      assertThat(last(delivery)).isEqualTo(Step.IDLE);
      assertThat(spool.dropped()).isEqualTo(5);
      assertThat(server.lines()).doesNotContain("POST " + PATH + "/observations");
    }
  }

  @Test
  void ofARunThatIsRefusedWhatAnEarlierProcessLeftStays() throws Exception {
    try (TestServer server = TestServer.start(409)) {
      spool.append(observations(0, 3));
      Delivery delivery =
          new Delivery(
              CollectorClient.builder(server.address()).build(),
              spool,
              new Backoff(new SplittableRandom(1)),
              new Complaints(),
              false);
      assertThat(last(delivery).kind()).isEqualTo(Step.Kind.REFUSED);
      assertThat(last(delivery).why()).contains("was answered 409 because");
      assertThat(spool.waiting()).isEqualTo(3);
      server.behave(request -> Reply.of(200));
      assertThat(last(delivery)).isEqualTo(Step.IDLE);
      assertThat(delivery.delivered()).isEqualTo(3);
    }
  }

  @Test
  void thatReportsArriveAgainIsSaidIfItWasSaidThatTheyWait() throws Exception {
    try (TestServer server = TestServer.start(503)) {
      spool.append(observations(0, 3));
      Delivery delivery = delivery(server.address());
      String log =
          LoggedLines.during(
              () -> {
                last(delivery);
                server.behave(request -> Reply.of(200));
                last(delivery);
                spool.append(observations(3, 5));
                last(delivery);
              });
      assertThat(log)
          .containsOnlyOnce("reports of run run-1 wait")
          .containsOnlyOnce("reports of run run-1 arrive at the collector again");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2, 2026-01-02T00:00:00Z, 2",
    "2, 2025-12-31T00:00:00Z, 0",
    "1, 2026-01-02T00:00:00Z, 0"
  })
  void anAttemptThatALaterOneHasFollowedIsHistoryOfWhichObservationsAreTaken(
      int attempt, String startedAt, int delivered) throws Exception {
    assertThat(START).isEqualTo("2026-01-01T00:00:00Z");
    String known =
        "{\"name\":\"run-1\",\"state\":\"live\",\"attempt\":%d,\"tags\":{},\"startedAt\":\"%s\","
            .formatted(attempt, startedAt);
    try (TestServer server =
        TestServer.start(
            request ->
                switch (request.method()) {
                  case "PUT" -> Reply.of(409);
                  case "GET" -> new Reply(200, known, Map.of());
                  default -> Reply.of(200);
                })) {
      spool.append(observations(0, 2));
      spool.end(END);
      Delivery delivery = delivery(server.address());
      assertThat(last(delivery)).isEqualTo(Step.IDLE);
      assertThat(delivery.delivered()).isEqualTo(delivered);
      assertThat(spool.dropped()).isEqualTo(delivered == 0 ? 3 : 0);
      assertThat(server.lines()).doesNotContain("POST " + PATH + "/end");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "7 | 7",
        "86400 | 300",
        "Wed, 21 Oct 2026 07:28:30 GMT | 30",
        "Thu, 22 Oct 2026 07:28:00 GMT | 300"
      })
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aCollectorThatSaysWhenToComeAgainIsObeyed(String retryAfter, long seconds) throws Exception {
    String answer =
        "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nDate: Wed, 21 Oct 2026 07:28:00 GMT\r\n"
            + "Retry-After: "
            + retryAfter
            + "\r\n\r\n";
    try (RawServer server = new RawServer(answer, false)) {
      Step step = delivery(server.address()).next();
      assertThat(step.pause()).isEqualTo(Duration.ofSeconds(seconds));
      assertThat(step.told()).isTrue();
    }
  }

  @Test
  void aTimeToComeAgainThatCannotBeReadIsNone() throws Exception {
    try (TestServer server =
        TestServer.start(request -> new Reply(503, "", Map.of("Retry-After", "soon")))) {
      Step step = delivery(server.address()).next();
      assertThat(step.told()).isFalse();
      assertThat(step.pause()).isLessThanOrEqualTo(Duration.ofMillis(Backoff.SHORTEST_MILLIS));
    }
  }

  @Test
  void theNewestDirectiveIsKept() throws Exception {
    try (TestServer server = TestServer.start(request -> new Reply(200, RECEIPT, Map.of()))) {
      Delivery delivery = delivery(server.address());
      spool.append(observations(0, 1));
      assertThat(last(delivery)).isEqualTo(Step.IDLE);
      assertThat(delivery.directive()).contains(Directive.stop("flat"));
      server.behave(
          request ->
              new Reply(200, RECEIPT.replace("stop", "continue").replace("flat", ""), Map.of()));
      spool.append(observations(1, 2));
      assertThat(last(delivery)).isEqualTo(Step.IDLE);
      assertThat(delivery.directive()).contains(Directive.CONTINUE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "fine", "[]", "{\"directive\":7}", "{\"directive\":{}}", "{\"a\":"})
  void anAnswerThatCannotBeReadIsNoFailure(String body) throws Exception {
    try (TestServer server = TestServer.start(request -> new Reply(200, body, Map.of()))) {
      Delivery delivery = delivery(server.address());
      spool.append(observations(0, 1));
      assertThat(last(delivery)).isEqualTo(Step.IDLE);
      assertThat(delivery.directive()).isEmpty();
      assertThat(spool.waiting()).isZero();
    }
  }

  @Test
  void ofAProblemItsDetailIsQuoted() throws Exception {
    String problem = "{\"type\":\"urn:x\",\"status\":503,\"detail\":\"it is busy\"}";
    try (TestServer server = TestServer.start(request -> new Reply(503, problem, Map.of()))) {
      assertThat(delivery(server.address()).next().why())
          .isEqualTo("PUT " + server.address() + "v1/runs/run-1 was answered 503 it is busy");
    }
  }

  @Test
  void aCollectorThatIsNotThereIsAskedAgain() throws Exception {
    URI address;
    try (TestServer server = TestServer.start(200)) {
      address = server.address();
    }
    Step step = delivery(address).next();
    assertThat(step.kind()).isEqualTo(Step.Kind.WAITS);
    assertThat(step.why()).isEqualTo("the collector at " + address + " cannot be reached");
  }

  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void anAnswerThatStallsIsNotWaitedFor() throws Exception {
    try (RawServer server =
        new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n.", false)) {
      Step step =
          delivery(
                  CollectorClient.builder(server.address()).timeout(Duration.ofMillis(300)).build())
              .next();
      assertThat(step.kind()).isEqualTo(Step.Kind.WAITS);
      assertThat(step.why())
          .isEqualTo("the collector at " + server.address() + " did not answer within PT0.3S");
    }
  }

  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void noMoreOfAnAnswerIsReadThanItsBeginning() throws Exception {
    try (RawServer server =
        new RawServer("HTTP/1.1 503 Busy\r\nContent-Length: 1000000000000\r\n\r\n", true)) {
      assertThat(delivery(server.address()).next().why())
          .endsWith("was answered 503 " + "x".repeat(500) + "…");
    }
  }

  @Test
  void troubleThatStaysIsSaidOnce() throws Exception {
    try (TestServer server = TestServer.start(401)) {
      Delivery delivery = delivery(server.address());
      String logged =
          LoggedLines.during(
              () -> {
                for (int i = 0; i < 5; i++) {
                  assertThat(delivery.next().kind()).isEqualTo(Step.Kind.WAITS);
                }
              });
      assertThat(logged.lines()).hasSize(1);
      assertThat(logged).contains("run-1", "was answered 401");
    }
  }

  @Test
  void pausesAreDrawnBelowABoundThatDoubles() {
    List<Long> bounds = new ArrayList<>();
    Backoff backoff =
        new Backoff(
            new RandomGenerator() {
              @Override
              public long nextLong() {
                throw new AssertionError("a bound must be given");
              }

              @Override
              public long nextLong(long bound) {
                bounds.add(bound - 1);
                return bound - 1;
              }
            });
    for (int i = 0; i < 11; i++) {
      assertThat(backoff.next()).isEqualTo(Duration.ofMillis(bounds.get(i)));
    }
    assertThat(bounds)
        .containsExactly(
            100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 12800L, 25600L, 30000L, 30000L);
    backoff.reset();
    assertThat(backoff.next()).isEqualTo(Duration.ofMillis(100));
  }

  /** Answers one request with some bytes, and then with silence or with no end of more. */
  private static final class RawServer implements AutoCloseable {
    private final ServerSocket socket;

    RawServer(String answer, boolean endless) throws IOException {
      socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      new Thread(() -> serve(answer, endless)).start();
    }

    private void serve(String answer, boolean endless) {
      try (Socket connection = socket.accept()) {
        var output = connection.getOutputStream();
        output.write(answer.getBytes(StandardCharsets.US_ASCII));
        while (endless) {
          output.write("x".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII));
        }
        connection.getInputStream().readAllBytes();
      } catch (IOException e) {
        // The client has gone, as it should.
      }
    }

    URI address() {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
