package dev.latentgauge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.agent.report.LayerSketch;
import dev.latentgauge.agent.report.ReportRefusedException;
import dev.latentgauge.agent.report.Reporter;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.relative.Sketch;
import dev.latentgauge.relative.Undefined;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReportQueueTest {

  private static final RunInfo RUN = RunInfo.named("test");
  private static final RunEnd END = new RunEnd(RunEnd.State.COMPLETED, "");
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(50);

  @Test
  void deliversInOrderAndInBatches() {
    RecordingReporter reports = new RecordingReporter();
    ReportQueue queue = new ReportQueue(reports);
    queue.begin(RUN);
    LongStream.range(0, 250).forEach(step -> queue.add(observation(step)));
    queue.end(END);
    await(queue, LONG);
    assertThat(reports.begun).containsExactly(RUN);
    assertThat(reports.steps())
        .containsExactlyElementsOf(LongStream.range(0, 250).boxed().toList());
    assertThat(reports.ended).containsExactly(END);
    assertThat(reports.isClosed()).isTrue();
    assertThat(queue.dropped()).isZero();
  }

  @Test
  void whatCannotBeTakenNowIsGivenAgain() {
    RecordingReporter reports = new RecordingReporter();
    AtomicInteger calls = new AtomicInteger();
    Reporter flaky =
        new Reporter() {
          @Override
          public void begin(RunInfo run) throws IOException {
            failEveryOtherTime();
            reports.begin(run);
          }

          @Override
          public void observed(RunInfo run, List<Observation> observations) throws IOException {
            failEveryOtherTime();
            reports.observed(run, observations);
          }

          @Override
          public void end(RunInfo run, RunEnd end) throws IOException {
            failEveryOtherTime();
            reports.end(run, end);
          }

          private void failEveryOtherTime() throws IOException {
            if (calls.getAndIncrement() % 2 == 0) {
              throw new IOException("away");
            }
          }
        };
    ReportQueue queue = new ReportQueue(flaky);
    queue.begin(RUN);
    queue.add(observation(1));
    queue.end(END);
    await(queue, LONG);
    assertThat(reports.begun).hasSize(1);
    assertThat(reports.steps()).containsExactly(1L);
    assertThat(reports.ended).hasSize(1);
    assertThat(calls).hasValue(6);
    assertThat(queue.dropped()).isZero();
  }

  @Test
  void ofSketchesThatWaitTheNewestOfEachKindGoesBehindTheObservationsAndBeforeTheEnd() {
    List<String> given = new ArrayList<>();
    Reporter telling =
        new Reporter() {
          @Override
          public void observed(RunInfo run, List<Observation> observations) {
            given.add("observations " + observations.size());
          }

          @Override
          public void sketch(RunInfo run, LayerSketch sketch) {
            given.add("sketch " + sketch.layer() + " " + sketch.step());
          }

          @Override
          public void end(RunInfo run, RunEnd end) {
            given.add("end");
          }
        };
    ReportQueue queue = new ReportQueue(telling);
    queue.add(sketch("encoder", 1));
    queue.add(sketch("head", 1));
    queue.add(sketch("encoder", 2));
    queue.add(observation(1));
    queue.begin(RUN);
    queue.end(END);
    await(queue, LONG);
    assertThat(given).containsExactly("observations 1", "sketch encoder 2", "sketch head 1", "end");
    assertThat(queue.dropped()).isZero();
  }

  @Test
  void aSketchThatCannotBeTakenIsCountedAndNotGivenAgain() {
    AtomicInteger calls = new AtomicInteger();
    RecordingReporter reports = new RecordingReporter();
    Reporter refusing =
        new Reporter() {
          @Override
          public void observed(RunInfo run, List<Observation> observations) {
            reports.observed(run, observations);
          }

          @Override
          public void sketch(RunInfo run, LayerSketch sketch) throws IOException {
            calls.incrementAndGet();
            throw new IOException("away");
          }

          @Override
          public void end(RunInfo run, RunEnd end) {
            reports.end(run, end);
          }
        };
    ReportQueue queue = new ReportQueue(refusing);
    queue.begin(RUN);
    queue.add(sketch("encoder", 1));
    queue.end(END);
    await(queue, LONG);
    assertThat(calls).hasValue(1);
    assertThat(queue.dropped()).isEqualTo(1);
    assertThat(reports.ended).containsExactly(END);
  }

  private static LayerSketch sketch(String layer, long step) {
    return new LayerSketch(
        layer,
        "digits",
        step,
        0,
        Instant.EPOCH,
        Sketch.of(3, 1, new float[1], new float[1], new byte[3]));
  }

  @Test
  void pausesAreShortOnceTheTrainingHasEnded() {
    AtomicInteger calls = new AtomicInteger();
    RecordingReporter reports = new RecordingReporter();
    Reporter away =
        (run, observations) -> {
          if (calls.incrementAndGet() <= 20) {
            throw new IOException("away");
          }
          reports.observed(run, observations);
        };
    ReportQueue queue = new ReportQueue(away);
    queue.begin(RUN);
    queue.add(observation(1));
    queue.end(END);
    // With pauses that double, twenty of them take minutes.
    await(queue, LONG);
    assertThat(reports.steps()).containsExactly(1L);
  }

  @Test
  void whatIsRefusedIsDroppedAndCounted() {
    RecordingReporter reports = new RecordingReporter();
    Reporter refusing =
        new Reporter() {
          @Override
          public void observed(RunInfo run, List<Observation> observations) {
            throw new IllegalStateException("refused");
          }

          @Override
          public void end(RunInfo run, RunEnd end) {
            reports.end(run, end);
          }
        };
    ReportQueue queue = new ReportQueue(refusing);
    queue.begin(RUN);
    queue.add(observation(1));
    queue.end(END);
    await(queue, LONG);
    assertThat(queue.dropped()).isEqualTo(1);
    assertThat(reports.ended).hasSize(1);
  }

  @Test
  void ofARunThatIsRefusedNothingElseIsReportedAndOneLineSaysSo() {
    RecordingReporter reports = new RecordingReporter();
    Reporter refusing =
        new Reporter() {
          @Override
          public void begin(RunInfo run) {
            throw new ReportRefusedException("it was started twice");
          }

          @Override
          public void observed(RunInfo run, List<Observation> observations) {
            reports.observed(run, observations);
          }

          @Override
          public void end(RunInfo run, RunEnd end) {
            reports.end(run, end);
          }

          @Override
          public void close() {
            reports.close();
          }
        };
    ReportQueue queue = new ReportQueue(refusing);
    String log =
        LoggedLines.during(
            () -> {
              LongStream.range(0, 150).forEach(step -> queue.add(observation(step)));
              queue.begin(RUN);
              queue.end(END);
              await(queue, LONG);
              queue.add(observation(150));
            });
    assertThat(log.lines())
        .singleElement()
        .asString()
        .contains("the run test is not reported to", "training goes on: it was started twice");
    assertThat(queue.dropped()).isEqualTo(151);
    assertThat(reports.observations).isEmpty();
    assertThat(reports.ended).isEmpty();
    assertThat(reports.isClosed()).isTrue();
  }

  @Test
  void anErrorOrAStrayInterruptCostsOneReportAndNotTheOthers() {
    RecordingReporter reports = new RecordingReporter();
    Reporter broken =
        new Reporter() {
          @Override
          public void begin(RunInfo run) {
            throw new NoClassDefFoundError("on purpose");
          }

          @Override
          public void observed(RunInfo run, List<Observation> observations)
              throws InterruptedException {
            if (observations.get(0).key().step() == 0) {
              Thread.currentThread().interrupt();
              throw new InterruptedException("on purpose");
            }
            // Fails if the flag is still set, as a call over the network would.
            new CountDownLatch(0).await();
            reports.observed(run, observations);
          }

          @Override
          public void end(RunInfo run, RunEnd end) {
            reports.end(run, end);
          }

          @Override
          public void close() {
            reports.close();
            throw new NoClassDefFoundError("on purpose");
          }
        };
    ReportQueue queue = new ReportQueue(broken);
    LongStream.range(0, 2 * ReportQueue.BATCH).forEach(step -> queue.add(observation(step)));
    queue.begin(RUN);
    queue.end(END);
    await(queue, LONG);
    assertThat(reports.steps()).hasSize(ReportQueue.BATCH).startsWith((long) ReportQueue.BATCH);
    assertThat(queue.dropped()).isEqualTo(ReportQueue.BATCH);
    assertThat(reports.ended).containsExactly(END);
    assertThat(reports.isClosed()).isTrue();
  }

  @Test
  void whatIsLeftUndeliveredIsCounted() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch entered = new CountDownLatch(1);
    Reporter hanging =
        (run, observations) -> {
          entered.countDown();
          never.await();
        };
    ReportQueue queue = new ReportQueue(hanging);
    queue.begin(RUN);
    queue.add(observation(1));
    entered.await();
    LongStream.range(2, 12).forEach(step -> queue.add(observation(step)));
    queue.end(END);
    await(queue, SHORT);
    assertThat(queue.dropped()).isEqualTo(11);
  }

  @Test
  void reportersThatHangAreWaitedForTogetherAndNamedOneByOne() {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch entered = new CountDownLatch(2);
    Reporter hanging =
        (run, observations) -> {
          entered.countDown();
          never.await();
        };
    // Half a second for reports and half a second to close, for both: a clock that adds a second
    // for every look has no time left for the second one.
    ManualTime hurried = new ManualTime(1);
    Instant begin = hurried.instant();
    List<ReportQueue> queues = List.of(new ReportQueue(hanging), new ReportQueue(hanging));
    queues.forEach(
        queue -> {
          queue.begin(RUN);
          queue.add(observation(1));
          queue.end(END);
        });
    assertThat(awaited(entered)).isTrue();
    String log = LoggedLines.during(() -> ReportQueue.awaitDelivery(queues, SHORT, hurried));
    assertThat(log.lines().filter(line -> line.contains("1 observations are given up"))).hasSize(2);
    assertThat(queues).allMatch(queue -> queue.dropped() == 1);
    // A deadline and two waits, twice.
    assertThat(Duration.between(begin, hurried.instant())).hasSeconds(6);
  }

  @Test
  void whatWaitsForAReporterThatStaysAwayIsCounted() {
    CountDownLatch closed = new CountDownLatch(1);
    Reporter away =
        new Reporter() {
          @Override
          public void observed(RunInfo run, List<Observation> observations) throws IOException {
            throw new IOException("away");
          }

          @Override
          public void close() {
            closed.countDown();
          }
        };
    ReportQueue queue = new ReportQueue(away);
    queue.begin(RUN);
    LongStream.range(0, 250).forEach(step -> queue.add(observation(step)));
    queue.end(END);
    await(queue, SHORT);
    assertThat(queue.dropped()).isEqualTo(250);
    assertThat(awaited(closed)).isTrue();
  }

  @Test
  void whenItIsFullTheOldestMakeRoomAndTheTrainingNeverWaits() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    RecordingReporter reports = new RecordingReporter();
    Reporter slow =
        new Reporter() {
          @Override
          public void begin(RunInfo run) throws InterruptedException {
            entered.countDown();
            release.await();
          }

          @Override
          public void observed(RunInfo run, List<Observation> observations) {
            reports.observed(run, observations);
          }
        };
    ReportQueue queue = new ReportQueue(slow);
    queue.begin(RUN);
    entered.await();
    LongStream.range(0, ReportQueue.CAPACITY + 10).forEach(step -> queue.add(observation(step)));
    assertThat(queue.dropped()).isEqualTo(10);
    release.countDown();
    queue.end(END);
    await(queue, LONG);
    assertThat(reports.steps())
        .containsExactlyElementsOf(
            LongStream.range(10, ReportQueue.CAPACITY + 10).boxed().toList());
  }

  @Test
  void aReporterThatHangsIsLeftBehind() {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Reporter hanging =
        (run, observations) -> {
          try {
            never.await();
          } finally {
            interrupted.countDown();
          }
        };
    ReportQueue queue = new ReportQueue(hanging);
    queue.begin(RUN);
    queue.add(observation(1));
    queue.end(END);
    await(queue, SHORT);
    assertThat(awaited(interrupted)).isTrue();
  }

  private static void await(ReportQueue queue, Duration timeout) {
    ReportQueue.awaitDelivery(List.of(queue), timeout, TimeSource.system());
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private static Observation observation(long step) {
    return Observation.builder(
            new Observation.Key(1, "layer", "reference@1", step),
            Instant.EPOCH,
            "soft",
            new Undefined("a test"))
        .build();
  }
}
