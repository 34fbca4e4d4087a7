package dev.latentgauge.agent.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.Observation.PredictedAccuracy;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.observation.Wire;
import dev.latentgauge.relative.Companions;
import dev.latentgauge.relative.Outcome;
import dev.latentgauge.relative.Score;
import dev.latentgauge.relative.Undefined;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportersTest {

  private static final RunInfo RUN = RunInfo.named("run-1").tag("lr", "0.1");
  private static final RunEnd END = new RunEnd(RunEnd.State.COMPLETED, "");
  private static final Score SCORE = new Score(0.75, 0.5, 0.5, 0.125, 64, 24);

  @TempDir private Path folder;

  @Test
  void aFileGetsOneJsonObjectALine() throws IOException {
    Path file = folder.resolve("made/reports.jsonl");
    JsonLinesReporter reporter = JsonLinesReporter.to(file);
    reporter.begin(RUN);
    reporter.observed(RUN, List.of(observation(0, SCORE), observation(5, new Undefined("zeros"))));
    reporter.end(RUN, END);
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "{\"run\":\"run-1\",\"event\":\"begin\",\"attempt\":1,\"tags\":{\"lr\":\"0.1\"}}",
            "{\"run\":\"run-1\",\"event\":\"observation\","
                + Wire.write(observation(0, SCORE)).substring(1),
            "{\"run\":\"run-1\",\"event\":\"observation\","
                + Wire.write(observation(5, new Undefined("zeros"))).substring(1),
            "{\"run\":\"run-1\",\"event\":\"end\",\"state\":\"completed\",\"reason\":\"\"}");
  }

  @Test
  void aRegistryShowsTheLatestOfEachSeriesAndNothingThatIsUndefined() {
    MicrometerReporter reporter = MicrometerReporter.create();
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    reporter.bindTo(registry);
    assertThat(registry.getMeters()).isEmpty();

    reporter.observed(
        RUN, List.of(observation(0, new Score(0, 0, 0, 0, 64, 24)), observation(5, SCORE)));
    assertThat(
            registry
                .get("latentgauge.score")
                .tags("run", "run-1", "layer", "encoder", "reference", "good@1")
                .gauge()
                .value())
        .isEqualTo(0.5);
    assertThat(registry.get("latentgauge.similarity").gauge().value()).isEqualTo(0.75);
    assertThat(registry.get("latentgauge.similarity.chance").gauge().value()).isEqualTo(0.5);
    assertThat(registry.get("latentgauge.score.standard.error").gauge().value()).isEqualTo(0.125);
    assertThat(registry.get("latentgauge.probe.duration").gauge().value()).isEqualTo(0.25);
    assertThat(registry.get("latentgauge.step").tags("run", "run-1").gauge().value()).isEqualTo(5);
    assertThat(registry.get("latentgauge.epoch").gauge().value()).isEqualTo(1.5);
    assertThat(registry.get("latentgauge.overhead.ratio").gauge().value()).isEqualTo(0.01);
    assertThat(
            registry
                .get("latentgauge.evaluation")
                .tags("run", "run-1", "evaluator", "train_loss")
                .gauge()
                .value())
        .isEqualTo(0.5);
    assertThat(registry.get("latentgauge.agent.failures").functionCounter().count()).isEqualTo(1);
    assertThat(registry.get("latentgauge.agent.dropped.reports").functionCounter().count())
        .isEqualTo(3);

    reporter.observed(RUN, List.of(observation(9, new Undefined("zeros"))));
    assertThat(registry.getMeters())
        .extracting(Meter::getId)
        .extracting(Meter.Id::getName)
        .doesNotContain("latentgauge.score", "latentgauge.similarity")
        .contains("latentgauge.step");
    SimpleMeterRegistry late = new SimpleMeterRegistry();
    reporter.bindTo(late);
    assertThat(late.get("latentgauge.step").gauge().value()).isEqualTo(9);
  }

  @Test
  void whatAReferenceKnowsBesidesIsShownWhereItIsKnown() {
    MicrometerReporter reporter = MicrometerReporter.create();
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    reporter.bindTo(registry);
    reporter.observed(
        RUN,
        List.of(
            Observation.builder(
                    new Observation.Key(1, "encoder", "good@1", 5), Instant.EPOCH, "soft", SCORE)
                .scoreFloor(OptionalDouble.of(-0.125))
                .scoreCeiling(OptionalDouble.of(0.875))
                .gaugedScore(OptionalDouble.of(0.625))
                .predictedAccuracy(Optional.of(new PredictedAccuracy(0.75, 0.5, 0.875)))
                .companions(
                    new Companions(
                        OptionalDouble.of(0.25),
                        OptionalDouble.of(12),
                        OptionalDouble.of(0.375),
                        OptionalDouble.empty()))
                .build()));

    Map<String, Double> values =
        registry.getMeters().stream()
            .filter(meter -> meter instanceof Gauge)
            .collect(
                Collectors.toMap(
                    meter -> meter.getId().getName(), meter -> ((Gauge) meter).value()));
    assertThat(values)
        .containsEntry("latentgauge.score.floor", -0.125)
        .containsEntry("latentgauge.score.ceiling", 0.875)
        .containsEntry("latentgauge.gauged.score.ratio", 0.625)
        .containsEntry("latentgauge.predicted.accuracy.ratio", 0.75)
        .containsEntry("latentgauge.predicted.accuracy.ratio.low", 0.5)
        .containsEntry("latentgauge.predicted.accuracy.ratio.high", 0.875)
        .containsEntry("latentgauge.linear.cka", 0.25)
        .containsEntry("latentgauge.effective.rank", 12.0)
        .containsEntry("latentgauge.neighbour.overlap.ratio", 0.375)
        .doesNotContainKey("latentgauge.prediction.agreement.ratio");

    reporter.observed(
        RUN,
        List.of(
            Observation.builder(
                    new Observation.Key(1, "encoder", "good@1", 9),
                    Instant.EPOCH,
                    "soft",
                    new Undefined("zeros"))
                .scoreFloor(OptionalDouble.of(-0.125))
                .build()));
    assertThat(registry.get("latentgauge.score.floor").gauge().value()).isEqualTo(-0.125);
    assertThat(registry.find("latentgauge.score.ceiling").gauge()).isNull();
    assertThat(registry.find("latentgauge.score").gauge()).isNull();
  }

  private CollectorReporter.Builder collector(URI address) {
    return CollectorReporter.builder(address).spool(folder.resolve("spool"));
  }

  @Test
  void aCollectorIsSentTheRunItsObservationsAndItsEnd() throws Exception {
    try (Server server = new Server(200)) {
      CollectorReporter reporter = collector(server.address("/base")).build();
      reporter.begin(RUN);
      reporter.begin(RUN);
      reporter.observed(RUN, List.of(observation(0, SCORE)));
      reporter.end(RUN, END);
      reporter.close();
      assertThat(server.requests)
          .containsExactly(
              "PUT /base/v1/runs/run-1 application/json " + Wire.write(RUN),
              "POST /base/v1/runs/run-1/observations application/json "
                  + Wire.write(List.of(observation(0, SCORE))),
              "POST /base/v1/runs/run-1/end application/json " + Wire.write(END));
      assertThat(reporter.backlog()).isEqualTo(Backlog.NONE);
      assertThat(folder.resolve("spool")).isEmptyDirectory();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 401, 404, 408, 429, 500, 503, 507})
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whatACollectorCannotTakeNowIsKeptUntilItsEndAndBeyond(int status) throws Exception {
    try (Server server = new Server(status)) {
      CollectorReporter reporter = collector(server.address("")).build();
      reporter.begin(RUN);
      reporter.observed(RUN, List.of(observation(0, SCORE), observation(5, SCORE)));
      assertThat(reporter.backlog()).isEqualTo(new Backlog(2, 0));
      closeAtTheEndOfTheTime(reporter);
      assertThat(reporter.backlog()).isEqualTo(new Backlog(2, 0));
      assertThat(folder.resolve("spool")).isNotEmptyDirectory();
    }
  }

  /** As the monitor does when the time for a last delivery is over. */
  private static void closeAtTheEndOfTheTime(CollectorReporter reporter) {
    Thread.currentThread().interrupt();
    reporter.close();
    assertThat(Thread.interrupted()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 409, 413})
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void ofARunThatACollectorRefusesAllIsDroppedAndCounted(int status) throws Exception {
    try (Server server = new Server(status)) {
      CollectorReporter reporter = collector(server.address("")).build();
      reporter.begin(RUN);
      reporter.observed(RUN, List.of(observation(0, SCORE), observation(5, SCORE)));
      reporter.close();
      assertThat(reporter.backlog()).isEqualTo(new Backlog(0, 2));
      assertThat(server.requests).noneMatch(request -> request.startsWith("POST"));
    }
  }

  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whatIsNotDeliveredWithoutASpoolIsLostWithTheProcessAndNoFolderIsMade() throws Exception {
    try (Server server = new Server(503)) {
      CollectorReporter reporter = collector(server.address("")).withoutSpool().build();
      reporter.begin(RUN);
      reporter.observed(RUN, List.of(observation(0, SCORE)));
      closeAtTheEndOfTheTime(reporter);
      assertThat(folder.resolve("spool")).doesNotExist();
    }
  }

  @Test
  void aReporterBelongsToOneRun() throws Exception {
    try (Server server = new Server(200)) {
      CollectorReporter reporter = collector(server.address("")).build();
      assertThat(reporter.directive()).isEmpty();
      assertThat(reporter.backlog()).isEqualTo(Backlog.NONE);
      reporter.begin(RUN);
      assertThatThrownBy(() -> reporter.begin(RunInfo.named("run-2")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("run-1 and run-2");
      reporter.close();
    }
  }

  @Test
  void allMistakesAreToldAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                CollectorReporter.builder(URI.create("https://user:secret@host"))
                    .spoolLimit(1000)
                    .trust(folder.resolve("missing.pem"))
                    .build())
        .withMessageContaining("no user information")
        .withMessageContaining("missing.pem")
        .withMessageContaining("at least 1048576 bytes, but is 1000")
        .withMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"collector", "//host", "file:///x", "ftp://host", "http://h?a=b", "http:x"})
  void anAddressThatIsNoneIsRefused(String address) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CollectorReporter.to(URI.create(address)))
        .withMessageStartingWith("the address of a collector must")
        .withMessageEndingWith(address);
  }

  private static Observation observation(long step, Outcome outcome) {
    return Observation.builder(
            new Observation.Key(1, "encoder", "good@1", step), Instant.EPOCH, "soft", outcome)
        .epoch(1.5)
        .probeSeconds(OptionalDouble.of(0.25))
        .overheadRatio(OptionalDouble.of(0.01))
        .evaluations(Map.of("train_loss", 0.5))
        .agent(new Observation.AgentState(1, 2, 3))
        .build();
  }

  /** Answers every request with one status, and keeps what was asked. */
  private static final class Server implements AutoCloseable {
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final HttpServer server;

    Server(int status) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              requests.add(
                  exchange.getRequestMethod()
                      + " "
                      + exchange.getRequestURI()
                      + " "
                      + exchange.getRequestHeaders().getFirst("Content-Type")
                      + " "
                      + new String(
                          exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
              byte[] body = "because".getBytes(StandardCharsets.UTF_8);
              exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
              exchange.sendResponseHeaders(status, body.length);
              exchange.getResponseBody().write(body);
            }
          });
      server.start();
    }

    URI address(String path) {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
