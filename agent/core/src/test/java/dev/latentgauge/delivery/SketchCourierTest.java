package dev.latentgauge.delivery;

import static dev.latentgauge.delivery.Reports.END;
import static dev.latentgauge.delivery.Reports.RUN;
import static dev.latentgauge.delivery.Reports.observations;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latentgauge.delivery.TestServer.Reply;
import dev.latentgauge.observation.Directive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SketchCourierTest {

  private static final String PATH = "/v1/runs/run-1/sketches?layer=encoder&probes=digits&step=";

  private static CollectorClient client(TestServer server) {
    return new CollectorClient.Builder(server.address(), Map.of()).build();
  }

  private static Courier courier(TestServer server) {
    return Courier.start(client(server), RUN, Optional.empty(), Courier.LEAST_LIMIT);
  }

  private static SketchCourier start(TestServer server, Courier courier) {
    return SketchCourier.start(client(server), courier, RUN.name(), new SplittableRandom(1));
  }

  private static void add(SketchCourier sketches, long step) {
    sketches.add(
        "encoder",
        "digits",
        Map.of("step", Long.toString(step)),
        ("sketch " + step).getBytes(StandardCharsets.UTF_8));
  }

  private static List<TestServer.Request> sketches(TestServer server) {
    return server.requests().stream()
        .filter(request -> request.path().contains("/sketches"))
        .toList();
  }

  @Test
  void aSketchIsSentOnceTheRunIsRegistered() throws IOException {
    try (TestServer server = TestServer.start(503)) {
      Courier courier = courier(server);
      SketchCourier sketches = start(server, courier);
      add(sketches, 1);
      await().until(() -> server.lines().contains("PUT /v1/runs/run-1"));
      assertThat(sketches(server)).isEmpty();
      server.behave(request -> Reply.of(200));
      await().until(() -> sketches(server).size() == 1);
      assertThat(sketches(server).get(0).line()).isEqualTo("PUT " + PATH + 1);
      assertThat(sketches(server).get(0).body()).isEqualTo("sketch 1");
      courier.ended(END);
      courier.close();
      sketches.close();
      assertThat(sketches.dropped()).isZero();
    }
  }

  @Test
  void aRunThatIsRefusedSendsNone() throws IOException {
    try (TestServer server = TestServer.start(409)) {
      Courier courier = courier(server);
      SketchCourier sketches = start(server, courier);
      add(sketches, 1);
      courier.ended(END);
      courier.close();
      sketches.close();
      assertThat(sketches(server)).isEmpty();
      assertThat(sketches.dropped()).isEqualTo(1);
    }
  }

  @Test
  void whatTheAnswerSaysOfTheRunIsKnownWithoutAnObservation() throws IOException {
    String stop = "{\"directive\": {\"action\": \"stop\", \"reason\": \"unlike the rest\"}}";
    try (TestServer server =
        TestServer.start(
            request ->
                request.path().contains("/sketches")
                    ? new Reply(200, stop, Map.of())
                    : Reply.of(200))) {
      Courier courier = courier(server);
      SketchCourier sketches = start(server, courier);
      await().until(courier::isRegistered);
      assertThat(courier.directive()).isEmpty();
      add(sketches, 1);
      await().until(() -> courier.directive().isPresent());
      assertThat(courier.directive()).hasValue(Directive.stop("unlike the rest"));
      courier.ended(END);
      courier.close();
      sketches.close();
    }
  }

  @Test
  void whatCannotBeTakenNowIsSentAgain() throws IOException {
    AtomicInteger times = new AtomicInteger();
    try (TestServer server =
        TestServer.start(
            request ->
                Reply.of(
                    request.path().contains("/sketches") && times.getAndIncrement() < 2
                        ? 503
                        : 200))) {
      Courier courier = courier(server);
      SketchCourier sketches = start(server, courier);
      add(sketches, 1);
      await().until(() -> sketches(server).size() == 3);
      courier.ended(END);
      courier.close();
      sketches.close();
      assertThat(sketches(server)).extracting(TestServer.Request::body).containsOnly("sketch 1");
      assertThat(sketches.dropped()).isZero();
    }
  }

  @Test
  void anOlderOneIsNotSentAgainOnceANewerHasCome() throws IOException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    try (TestServer server =
        TestServer.start(
            request -> {
              if (!request.body().equals("sketch 1")) {
                return Reply.of(200);
              }
              asked.countDown();
              awaitUnchecked(answered);
              return Reply.of(503);
            })) {
      Courier courier = courier(server);
      SketchCourier sketches = start(server, courier);
      add(sketches, 1);
      awaitUnchecked(asked);
      add(sketches, 2);
      answered.countDown();
      await().until(() -> sketches(server).size() == 2);
      courier.ended(END);
      courier.close();
      sketches.close();
      assertThat(sketches(server))
          .extracting(TestServer.Request::body)
          .containsExactly("sketch 1", "sketch 2");
      assertThat(sketches.dropped()).isZero();
    }
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whatIsRefusedIsCountedAndSaidOnce() throws Exception {
    try (TestServer server =
        TestServer.start(request -> Reply.of(request.path().contains("/sketches") ? 400 : 200))) {
      Courier courier = courier(server);
      String log =
          LoggedLines.during(
              () -> {
                SketchCourier sketches = start(server, courier);
                for (int step = 1; step <= 3; step++) {
                  add(sketches, 1);
                  long sent = step;
                  await().until(() -> sketches.dropped() == sent);
                }
                courier.ended(END);
                courier.close();
                sketches.close();
              });
      assertThat(log).containsOnlyOnce("a sketch of run run-1 was given up");
    }
  }

  @Test
  void observationsAndTheEndDoNotWaitForASketch() throws IOException {
    CountDownLatch release = new CountDownLatch(1);
    try (TestServer sink =
            TestServer.start(
                request -> {
                  awaitUnchecked(release);
                  return Reply.of(200);
                });
        TestServer server = TestServer.start(200)) {
      Courier courier = courier(server);
      // Sketches hang, as a collector may that has no place for them.
      SketchCourier sketches = start(sink, courier);
      add(sketches, 1);
      courier.observed(observations(0, 3));
      courier.ended(END);
      courier.close();
      assertThat(server.lines()).contains("POST /v1/runs/run-1/end");
      sketches.close();
      release.countDown();
    }
  }
}
