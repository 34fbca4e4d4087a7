package dev.latentgauge.collector.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.run.Run;
import dev.latentgauge.observation.RunInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class EventLogTest {

  private static final Pattern EVENT =
      Pattern.compile("event: (\\w+)\n(?:id: [0-9a-f]{8}-(\\d+)\n)?data: (.*)\n\n");

  private final List<String> written = new ArrayList<>();
  private final EventLog log = log(100, 1 << 20);

  private EventLog log(int runs, long bytes) {
    return new EventLog(
        new EventLimits(1, runs, bytes, Duration.ofSeconds(15)),
        run -> {
          written.add(run.name());
          return run.name() + ":" + run.attempt();
        });
  }

  private static Run run(String name, int attempt) {
    return Run.registered(RunInfo.named(name).withAttempt(attempt), Instant.EPOCH);
  }

  private static String after(long position, EventLog log) {
    return read(log.after(position, name -> true, 1 << 16).orElseThrow());
  }

  private static String read(EventLog.Batch batch) {
    return EVENT
        .matcher(batch.events().toString())
        .replaceAll("$1 $2 $3;")
        .replace("{\"name\":\"", "")
        .replace("\"}", "");
  }

  @Test
  void changesAreReadInTheirOrder() {
    log.changed(run("b", 1));
    log.changed(run("a", 1));
    log.deleted("c");
    assertThat(after(0, log)).isEqualTo("run 1 b:1;run 2 a:1;deleted 3 c;");
    assertThat(after(2, log)).isEqualTo("deleted 3 c;");
    assertThat(after(3, log)).isEmpty();
  }

  @Test
  void ofEachSketchTheNewestIsTold() {
    log.sketched("a", "encoder", "digits", 1);
    log.sketched("a", "head", "digits", 1);
    log.changed(run("a", 1));
    log.sketched("a", "encoder", "digits", 2);
    assertThat(log.after(0, name -> true, 1 << 16).orElseThrow().events().toString())
        .containsSubsequence("\"head\"", "a:1", "\"encoder\"", "\"step\":2")
        .containsOnlyOnce("\"encoder\"");
    assertThat(after(4, log)).isEmpty();
    assertThat(log.after(0, "b"::equals, 1 << 16).orElseThrow().events().length()).isZero();
  }

  @Test
  void theSketchesOfARunThatIsDeletedAreNoNews() {
    for (String run : List.of("a", "a-b", "a.b", "a0")) {
      log.sketched(run, "encoder", "digits", 1);
    }
    log.deleted("a");
    String events = log.after(0, name -> true, 1 << 16).orElseThrow().events().toString();
    assertThat(events)
        .doesNotContain("\"run\":\"a\"")
        .contains("\"a-b\"", "\"a.b\"", "\"a0\"")
        .endsWith("data: {\"name\":\"a\"}\n\n");
  }

  @Test
  void whoIsBehindReadsTheNewestChangeOfEachRun() {
    log.changed(run("a", 1));
    log.changed(run("b", 1));
    log.changed(run("a", 2));
    log.changed(run("a", 3));
    assertThat(after(0, log)).isEqualTo("run 2 b:1;run 4 a:3;");
    assertThat(after(3, log)).isEqualTo("run 4 a:3;");
  }

  @Test
  void aRunThatIsThereAgainWasDeletedForThoseWhoHadNotHeardOfIt() {
    log.changed(run("a", 1));
    log.deleted("a");
    log.changed(run("a", 2));
    assertThat(after(1, log)).isEqualTo("deleted  a;run 3 a:2;");
    assertThat(after(2, log)).isEqualTo("run 3 a:2;");
    log.changed(run("a", 3));
    assertThat(after(3, log)).isEqualTo("run 4 a:3;");
  }

  @Test
  void aRunIsWrittenWhenItIsWantedAndOnceForAll() {
    log.changed(run("a", 1));
    log.changed(run("a", 2));
    assertThat(written).isEmpty();
    after(0, log);
    after(0, log);
    assertThat(written).containsExactly("a");
  }

  @Test
  void onlyRunsThatAreWantedAreRead() {
    for (int i = 0; i < 50; i++) {
      log.changed(run("other-" + i, 1));
    }
    log.changed(run("a", 1));
    log.changed(run("z", 1));
    EventLog.Batch batch = log.after(0, name -> name.equals("a"), 1 << 16).orElseThrow();
    assertThat(read(batch)).isEqualTo("run 51 a:1;");
    assertThat(batch.position()).isEqualTo(52);
    assertThat(written).containsExactly("a");
  }

  @Test
  void aBatchEndsWhenItIsLargeEnoughAndTheNextGoesOn() {
    for (int i = 0; i < 100; i++) {
      log.changed(run("run-" + i, 1));
    }
    StringBuilder read = new StringBuilder();
    long position = 0;
    int batches = 0;
    while (position < 100) {
      EventLog.Batch batch = log.after(position, name -> true, 1000).orElseThrow();
      assertThat(batch.events().length()).isBetween(1, 1000 + 100);
      read.append(read(batch));
      position = batch.position();
      batches++;
    }
    assertThat(batches).isGreaterThan(4);
    assertThat(read.toString()).isEqualTo(after(0, log));
  }

  @Test
  void whoIsBehindByMoreThanIsKeptIsToldSo() {
    EventLog small = log(3, 1 << 20);
    for (int i = 1; i <= 5; i++) {
      small.changed(run("run-" + i, 1));
    }
    assertThat(small.after(1, name -> true, 1000)).isEmpty();
    assertThat(after(2, small)).isEqualTo("run 3 run-3:1;run 4 run-4:1;run 5 run-5:1;");
    assertThat(small.position(small.id(1))).isEmpty();
    assertThat(small.position(small.id(2))).hasValue(2);
  }

  @Test
  void eventsThatAreKeptReadyAreBoundedInBytes() {
    EventLog small = log(100, 200);
    for (int i = 1; i <= 50; i++) {
      small.changed(run("run-" + i, 1));
      small.after(i - 1L, name -> true, 1000);
      assertThat(small.bytes()).isLessThanOrEqualTo(200);
    }
    assertThat(small.bytes()).isPositive();
    assertThat(small.after(40, name -> true, 1000)).isEmpty();
    small.changed(run("run-50", 2));
    small.deleted("run-49");
    after(50, small);
    assertThat(small.bytes()).isBetween(1L, 200L);
  }

  @Test
  void anIdOfAnotherProcessOrOfNobodyIsNotGoneOnFrom() {
    log.changed(run("a", 1));
    assertThat(log.position(log.id(1))).hasValue(1);
    for (String id :
        List.of(log.id(2), log(1, 1).id(1), "", "1", "x-1", log.id(1) + "9999999999999999999")) {
      assertThat(log.position(id)).as(id).isEmpty();
    }
  }

  @Test
  void whatNobodyReadsIsNotWritten() {
    for (int i = 0; i < 1000; i++) {
      log.changed(run("run-" + i, 1));
    }
    assertThat(written).isEmpty();
    assertThat(log.bytes()).isZero();
    assertThat(log.after(0, name -> true, 1)).isEqualTo(Optional.empty());
  }
}
