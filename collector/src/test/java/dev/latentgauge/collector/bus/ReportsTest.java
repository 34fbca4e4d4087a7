package dev.latentgauge.collector.bus;

import static dev.latentgauge.collector.bus.Handling.MOST_BYTES;
import static dev.latentgauge.collector.bus.Handling.TOPIC;
import static dev.latentgauge.collector.bus.Handling.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.LoggedLines;
import dev.latentgauge.collector.Observations;
import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.run.RunState;
import dev.latentgauge.collector.store.Capacity;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.observation.TopicFormat;
import dev.latentgauge.observation.TopicFormat.Kind;
import dev.latentgauge.observation.Wire;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a report, with a real store. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReportsTest {

  private static final RunInfo RUN =
      RunInfo.named("run").withStartedAt(Instant.parse("2026-01-01T00:00:00Z"));
  private static final String REGISTRATION = Wire.write(RUN);
  private static final String END = "{\"state\":\"completed\",\"attempt\":1}";

  @TempDir private Path folder;

  private Handling handling() throws Exception {
    return new Handling(folder, Capacity.DEFAULT, true);
  }

  private static String observation(long step) {
    return Wire.write(List.of(Observations.scored(step, 0.5)));
  }

  private static ConsumerRecord<byte[], byte[]> observed(Handling handling, long step) {
    return handling.message(Kind.OBSERVATIONS, "run", observation(step), REGISTRATION);
  }

  private static Run run(Handling handling, String name) {
    return handling.store.find(name).toCompletableFuture().join().orElseThrow();
  }

  @Test
  void aRunIsRegisteredObservedAndEnded() throws Exception {
    try (Handling handling = handling()) {
      handling.handle(handling.message(Kind.REGISTRATION, "run", REGISTRATION));
      handling.handle(observed(handling, 1));
      handling.handle(observed(handling, 1));
      handling.handle(handling.message(Kind.END, "run", END, REGISTRATION));
      Run run = run(handling, "run");
      assertThat(run.info()).isEqualTo(RUN);
      assertThat(run.observations()).isEqualTo(1);
      assertThat(run.state()).isEqualTo(RunState.COMPLETED);
      assertThat(handling.refused()).isEmpty();
    }
  }

  @Test
  void observationsBringTheRegistrationOfTheirRunAlong() throws Exception {
    try (Handling handling = handling()) {
      handling.handle(observed(handling, 1));
      assertThat(run(handling, "run").info()).isEqualTo(RUN);
    }
  }

  @Test
  void aRunIsToldWhatToDoIfThatIsNew() throws Exception {
    try (Handling handling = handling()) {
      handling.handle(observed(handling, 1));
      handling.handle(observed(handling, 2));
      handling.store.direct("run", Directive.stop("flat")).toCompletableFuture().join();
      handling.handle(observed(handling, 3));
      handling.handle(observed(handling, 4));
      String attempt = "{\"attempt\":1,\"startedAt\":\"2026-01-01T00:00:00Z\",\"directive\":";
      assertThat(handling.told())
          .containsExactly(
              attempt + "{\"action\":\"continue\"}}",
              attempt + "{\"action\":\"stop\",\"reason\":\"flat\"}}");

      // Another collector may have told it something else meanwhile.
      handling.reports.forget();
      handling.handle(observed(handling, 5));
      assertThat(handling.told()).hasSize(3);
    }
  }

  @Test
  void whatIsRefusedIsKeptAsItCameWithTheReasonAndCounted() throws Exception {
    try (Handling handling = handling()) {
      handling.handle(handling.message(Kind.OBSERVATIONS, "run", "no JSON"));
      handling.handle(handling.message(Kind.OBSERVATIONS, "no/name", observation(1)));
      handling.handle(handling.message(Kind.OBSERVATIONS, "run", observation(1), "no JSON"));
      handling.handle(handling.message(null, observation(1), Map.of()));
      handling.handle(handling.message("run", null, Map.of(TopicFormat.KIND, "end")));
      handling.handle(handling.message("run", observation(1), Map.of(TopicFormat.KIND, "what")));
      handling.handle(
          handling.message("run", END, Map.of(TopicFormat.KIND, "end", TopicFormat.VERSION, "2")));
      handling.handle(handling.message(Kind.END, "run", END));
      handling.handle(handling.message(Kind.OBSERVATIONS, "run", "x".repeat(MOST_BYTES + 1)));

      assertThat(handling.refused())
          .containsExactly(
              "malformed",
              "malformed",
              "malformed",
              "malformed",
              "malformed",
              "malformed",
              "malformed",
              "conflict",
              "too_large");
      ProducerRecord<byte[], byte[]> first = handling.written(TopicFormat.refused(TOPIC)).get(0);
      assertThat(Report.text(first.key())).isEqualTo("run");
      assertThat(Report.text(first.value())).isEqualTo("no JSON");
      assertThat(header(first, TopicFormat.KIND)).isEqualTo("observations");
      assertThat(header(first, TopicFormat.ORIGIN)).isEqualTo("gauge-3@0");
      assertThat(header(first, TopicFormat.DETAIL)).contains("JSON");
      assertThat(handling.rejected(Rejection.Reason.MALFORMED)).isEqualTo(7);
      assertThat(handling.rejected(Rejection.Reason.CONFLICT)).isEqualTo(1);
      assertThat(handling.rejected(Rejection.Reason.TOO_LARGE)).isEqualTo(1);
      assertThat(handling.store.find("run").toCompletableFuture().join()).isEmpty();
    }
  }

  @Test
  void aReportThatCannotBeKeptAsRefusedIsNotDone() throws Exception {
    try (Handling handling = new Handling(folder, Capacity.DEFAULT, false)) {
      CompletableFuture<Void> done =
          handling
              .reports
              .handle(handling.message(Kind.END, "run", "no JSON"), handling.lane)
              .toCompletableFuture();
      awaitSent(handling, 1);
      assertThat(done).isNotDone();
      assertThat(handling.producer.errorNext(new TimeoutException("away"))).isTrue();
      awaitSent(handling, 2);
      assertThat(done).isNotDone();
      assertThat(handling.rejected(Rejection.Reason.MALFORMED)).isZero();
      assertThat(handling.producer.completeNext()).isTrue();
      done.get(30, TimeUnit.SECONDS);
      assertThat(handling.rejected(Rejection.Reason.MALFORMED)).isEqualTo(1);
    }
  }

  @Test
  void ofOneThatIsTooLargeWithTheReasonIsKeptWhatFits() throws Exception {
    try (Handling handling = new Handling(folder, Capacity.DEFAULT, false)) {
      CompletableFuture<Void> done =
          handling
              .reports
              .handle(handling.message(Kind.END, "run", "no JSON"), handling.lane)
              .toCompletableFuture();
      awaitSent(handling, 1);
      assertThat(handling.producer.errorNext(new RecordTooLargeException("large"))).isTrue();
      awaitSent(handling, 2);
      ProducerRecord<byte[], byte[]> withoutValue =
          handling.written(TopicFormat.refused(TOPIC)).get(1);
      assertThat(withoutValue.value()).isNull();
      assertThat(Report.text(withoutValue.key())).isEqualTo("run");
      assertThat(header(withoutValue, TopicFormat.KIND)).isEqualTo("end");

      assertThat(handling.producer.errorNext(new RecordTooLargeException("large"))).isTrue();
      awaitSent(handling, 3);
      assertThat(handling.producer.completeNext()).isTrue();
      done.get(30, TimeUnit.SECONDS);
      ProducerRecord<byte[], byte[]> kept = handling.written(TopicFormat.refused(TOPIC)).get(2);
      assertThat(kept.key()).isNull();
      assertThat(header(kept, TopicFormat.KIND)).isEmpty();
      assertThat(header(kept, TopicFormat.ORIGIN)).isEqualTo("gauge-3@0");
    }
  }

  private static void awaitSent(Handling handling, int count) {
    while (handling.producer.history().size() < count) {
      Thread.onSpinWait();
    }
  }

  @Test
  void anotherTrainingOfTheNameAndAttemptIsRefusedWithAllThatItSends() throws Exception {
    try (Handling handling = handling()) {
      handling.handle(observed(handling, 1));
      String other = Wire.write(RUN.withStartedAt(Instant.parse("2026-01-02T00:00:00Z")));
      handling.handle(handling.message(Kind.REGISTRATION, "run", other));
      handling.handle(handling.message(Kind.OBSERVATIONS, "run", observation(2), other));
      handling.handle(handling.message(Kind.END, "run", END, other));
      handling.handle(observed(handling, 3));

      assertThat(handling.refused()).containsExactly("conflict", "conflict", "conflict");
      assertThat(handling.told())
          .filteredOn(answer -> answer.contains("\"startedAt\":\"2026-01-02T00:00:00Z\""))
          .singleElement()
          .asString()
          .contains("\"refused\":\"");
      Run run = run(handling, "run");
      assertThat(run.info()).isEqualTo(RUN);
      assertThat(run.observations()).isEqualTo(2);
      assertThat(run.state()).isEqualTo(RunState.LIVE);
    }
  }

  @Test
  void ofAnAttemptThatIsHistoryObservationsAreTakenAndNothingElse() throws Exception {
    try (Handling handling = handling()) {
      RunInfo later = RUN.withAttempt(2).withStartedAt(Instant.parse("2026-01-02T00:00:00Z"));
      handling.handle(handling.message(Kind.REGISTRATION, "run", Wire.write(later)));
      handling.handle(handling.message(Kind.REGISTRATION, "run", REGISTRATION));
      handling.handle(observed(handling, 1));
      handling.handle(handling.message(Kind.END, "run", END, REGISTRATION));

      assertThat(handling.refused()).isEmpty();
      assertThat(handling.told()).isEmpty();
      Run run = run(handling, "run");
      assertThat(run.info()).isEqualTo(later);
      assertThat(run.observations()).isEqualTo(1);
      assertThat(run.state()).isEqualTo(RunState.LIVE);
    }
  }

  @Test
  void ofSeveralObservationsThoseAloneAreRefusedThatAreAtFault() throws Exception {
    try (Handling handling = handling()) {
      handling.handle(observed(handling, 2));
      String contradiction = Wire.write(Observations.scored(2, 0.25));
      String body =
          "{\"observations\":["
              + String.join(
                  ",",
                  Wire.write(Observations.scored(1, 0.5)),
                  contradiction,
                  "7",
                  Wire.write(Observations.scored(3, 0.5)))
              + "]}";
      ConsumerRecord<byte[], byte[]> report =
          handling.message(Kind.OBSERVATIONS, "run", body, REGISTRATION);
      handling.handle(report);
      assertThat(run(handling, "run").observations()).isEqualTo(3);
      List<ProducerRecord<byte[], byte[]>> kept = handling.written(TopicFormat.refused(TOPIC));
      assertThat(kept)
          .extracting(each -> Report.text(each.value()))
          .containsExactly("{\"observations\":[" + contradiction + "]}", "{\"observations\":[7]}");
      assertThat(handling.refused()).containsExactly("conflict", "malformed");
      assertThat(kept)
          .allMatch(each -> header(each, TopicFormat.ORIGIN).equals(Outbox.origin(report)));
    }
  }

  @Test
  void aRunThatHasReachedItsLimitIsRefusedAfterAWhileThoughNothingElseComes() throws Exception {
    Capacity two = new Capacity(10, 10, 10, 2, 1L << 30);
    try (Handling handling = new Handling(folder, two, true)) {
      handling.handle(observed(handling, 1));
      handling.handle(observed(handling, 2));
      CompletableFuture<Void> third =
          handling.reports.handle(observed(handling, 3), handling.lane).toCompletableFuture();
      handling.handle(handling.message(Kind.END, "unknown", END));
      assertThat(third).isNotDone();
      handling.clock.pass(Reports.PATIENCE);
      third.get(30, TimeUnit.SECONDS);
      assertThat(handling.refused()).containsExactly("conflict", "space");
    }
  }

  @Test
  void whatWaitsForRoomIsRefusedAfterAWhileIfNothingElseIsReadBehindIt() throws Exception {
    Capacity one = new Capacity(1, 10, 10, 10, 1L << 30);
    try (Handling handling = new Handling(folder, one, true)) {
      handling.handle(observed(handling, 1));
      CompletableFuture<Void> second = observeSecond(handling, 1);
      handling.handle(handling.message(Kind.END, "unknown", END));
      handling.reports.crowd(true);
      handling.clock.pass(Reports.PATIENCE);
      second.get(30, TimeUnit.SECONDS);
      assertThat(handling.refused()).containsExactly("conflict", "live_runs");
    }
  }

  @Test
  void whatCannotBeToldIsSaidOnceAndTriedAgainLater() throws Exception {
    try (Handling handling = new Handling(folder, Capacity.DEFAULT, false)) {
      String logged =
          LoggedLines.during(
              soFar -> {
                handling.handle(observed(handling, 1));
                awaitSent(handling, 1);
                assertThat(handling.producer.errorNext(new TimeoutException("not allowed")))
                    .isTrue();
                while (!soFar.get().contains("not allowed")) {
                  Thread.onSpinWait();
                }
                handling.handle(observed(handling, 2));
              });
      assertThat(logged).contains("what runs are told cannot be written to gauge.directives");
      assertThat(handling.told()).hasSize(1);
      handling.clock.pass(Duration.ofSeconds(10));
      handling.handle(observed(handling, 3));
      awaitSent(handling, 2);
      assertThat(handling.told()).hasSize(2);
    }
  }

  @Test
  void aRunThatWasDeletedMeanwhileIsRegisteredAnewByItsEnd() throws Exception {
    try (Handling handling = handling()) {
      handling.handle(observed(handling, 1));
      assertThat(handling.store.delete("run").toCompletableFuture().join()).isTrue();
      handling.handle(handling.message(Kind.END, "run", END, REGISTRATION));
      assertThat(run(handling, "run").state()).isEqualTo(RunState.COMPLETED);
    }
  }

  @Test
  void aReportWaitsWhileTheStoreTakesNothing() throws Exception {
    try (Handling handling = handling()) {
      handling.store.close();
      CompletionStage<Void> done = handling.reports.handle(observed(handling, 1), handling.lane);
      handling.clock.pass(Reports.PATIENCE.multipliedBy(10));
      handling.handle(handling.message(Kind.END, "other", "no JSON"));
      handling.handle(handling.message(Kind.END, "other", "no JSON"));
      assertThat(done.toCompletableFuture()).isNotDone();
      assertThat(handling.refused()).hasSize(2);
    }
  }

  @Test
  void oneThatIsWithoutRoomWhileOthersAreStoredIsRefusedAfterAWhile() throws Exception {
    Capacity one = new Capacity(1, 10, 10, 10, 1L << 30);
    try (Handling handling = new Handling(folder, one, true)) {
      handling.handle(observed(handling, 1));
      CompletableFuture<Void> done = observeSecond(handling, 1);
      handling.handle(observed(handling, 2));
      handling.handle(observed(handling, 3));
      assertThat(done).isNotDone();
      handling.clock.pass(Reports.PATIENCE);
      done.get(30, TimeUnit.SECONDS);
      assertThat(handling.refused()).containsExactly("live_runs");
      assertThat(handling.rejected(Rejection.Reason.LIVE_RUNS)).isEqualTo(1);

      // What follows does not wait again, until there is room.
      handling.handle(handling.message(Kind.OBSERVATIONS, "second", observation(2)));
      assertThat(handling.refused()).hasSize(2);
      handling.handle(handling.message(Kind.END, "run", END));
      handling.handle(handling.message(Kind.OBSERVATIONS, "second", observation(3)));
      assertThat(handling.refused()).hasSize(2);
      assertThat(run(handling, "second").observations()).isEqualTo(1);
    }
  }

  @Test
  void oneThatIsWithoutRoomWaitsForItAsLongAsNothingElseIsStored() throws Exception {
    Capacity one = new Capacity(1, 10, 10, 10, 1L << 30);
    try (Handling handling = new Handling(folder, one, true)) {
      handling.handle(observed(handling, 1));
      CompletableFuture<Void> first = observeSecond(handling, 1);
      handling.handle(handling.message(Kind.END, "unknown", END));
      handling.clock.pass(Reports.PATIENCE.multipliedBy(10));
      CompletableFuture<Void> next = observeSecond(handling, 2);
      handling.handle(handling.message(Kind.END, "unknown", END));
      assertThat(first).isNotDone();
      assertThat(next).isNotDone();

      handling.handle(handling.message(Kind.END, "run", END));
      first.get(30, TimeUnit.SECONDS);
      next.get(30, TimeUnit.SECONDS);
      assertThat(handling.refused()).containsExactly("conflict", "conflict");
      assertThat(run(handling, "second").observations()).isEqualTo(2);
    }
  }

  private static CompletableFuture<Void> observeSecond(Handling handling, long step) {
    return handling
        .reports
        .handle(handling.message(Kind.OBSERVATIONS, "second", observation(step)), handling.lane)
        .toCompletableFuture();
  }

  @Test
  void nothingIsBegunForAPartitionThatAnotherCollectorHas() throws Exception {
    try (Handling handling = handling()) {
      handling.lane.close();
      assertThat(handling.reports.handle(observed(handling, 1), handling.lane))
          .failsWithin(30, TimeUnit.SECONDS);
      assertThat(handling.store.find("run").toCompletableFuture().join())
          .isEqualTo(Optional.empty());
    }
  }
}
