package dev.latentgauge.collector.store;

import static dev.latentgauge.collector.Observations.scored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latentgauge.collector.PostgresServer;
import dev.latentgauge.collector.Runs;
import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.run.RunListener;
import dev.latentgauge.collector.run.RunRegistry;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.relative.Sketch;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stores of several collectors in one database. */
class SharedHistoryTest {

  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");
  private static final RunEnd COMPLETED = new RunEnd(RunEnd.State.COMPLETED, "");

  private final Heard heardByOne = new Heard();
  private final Heard heardByOther = new Heard();
  private PostgresSchema schema;
  private Store one;
  private Store other;

  SharedHistoryTest() throws IOException {
    schema = PostgresSchema.create();
    one = open(heardByOne);
    other = open(heardByOther);
  }

  @BeforeEach
  void forgetTheBeginning() {
    heardByOne.clear();
    heardByOther.clear();
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  private Store open(RunListener listener) throws IOException {
    return schema.open(Capacity.DEFAULT, listener, NOW);
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static SketchReport sketch(long step) {
    return new SketchReport(
        new SketchKey("encoder", "digits"),
        1,
        step,
        OptionalDouble.empty(),
        Optional.of(NOW),
        Sketch.of(3, 1, new float[1], new float[] {1}, new byte[] {0, 9, 100}));
  }

  @Test
  void eachHearsOfWhatTheOtherHasChanged() {
    get(one.append("a", List.of(scored(1, 0.5)), NOW));
    get(one.keep("a", sketch(7), NOW));
    assertThat(heardByOther).isEmpty();
    get(other.follow());
    assertThat(heardByOther).containsExactly("a live 1", "a sketched encoder digits 7");
    get(other.end("a", COMPLETED, NOW));
    get(one.follow());
    get(one.delete("a"));
    get(other.follow());
    assertThat(heardByOne).endsWith("a completed 1", "a deleted");
    assertThat(heardByOther).endsWith("a completed 1", "a deleted");
    assertThat(other.totals()).isEqualTo(Totals.NONE);
    assertThat(other.accepted()).isEqualTo(1);
    get(other.follow());
    assertThat(heardByOther).hasSize(4);
  }

  @Test
  void whatTheOtherChangedBeforeIsHeardBeforeTheOwnChange() {
    get(one.append("a", List.of(scored(1, 0.5)), NOW));
    get(one.append("b", List.of(scored(1, 0.5)), NOW));
    get(one.keep("b", sketch(7), NOW));
    get(other.append("b", List.of(scored(2, 0.5)), NOW));
    assertThat(heardByOther).containsExactly("a live 1", "b sketched encoder digits 7", "b live 2");
  }

  @Test
  void whatOneStoresTheOtherKnowsAtOnce() {
    List<Observation> batch = List.of(scored(1, 0.5), scored(2, 0.5));
    assertThat(get(one.append("a", batch, NOW)).accepted()).isEqualTo(2);
    assertThat(get(other.append("a", batch, NOW)).duplicates()).isEqualTo(2);
    assertThat(get(other.find("a")).orElseThrow().observations()).isEqualTo(2);
    get(one.register(RunInfo.named("a").withAttempt(2), NOW));
    assertThat(other.register(RunInfo.named("a"), NOW))
        .failsWithin(Duration.ofMinutes(1))
        .withThrowableThat()
        .withCauseInstanceOf(ConflictException.class);
  }

  @Test
  void limitsHoldForAllTogether() throws IOException {
    Capacity two = new Capacity(2, 100, 10, 10, 1 << 20);
    PostgresSchema small = PostgresSchema.create();
    try (Store first = small.open(two, Runs.NOBODY, NOW);
        Store second = small.open(two, Runs.NOBODY, NOW)) {
      get(first.register(RunInfo.named("a"), NOW));
      get(second.register(RunInfo.named("b"), NOW));
      assertThat(first.register(RunInfo.named("c"), NOW))
          .failsWithin(Duration.ofMinutes(1))
          .withThrowableThat()
          .withCauseInstanceOf(CapacityException.class);
    }
  }

  @Test
  void manyThatWriteTheSameRunsAtOnceStoreEachObservationOnceAndAgreeOnAll() throws Exception {
    int writers = 6;
    int runs = 5;
    long steps = 60;
    RunRegistry seenByOne = registry();
    RunRegistry seenByOther = registry();
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try (Store first = open(seenByOne);
        Store second = open(seenByOther)) {
      List<Callable<Long>> work = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        Store store = writer % 2 == 0 ? first : second;
        int own = writer;
        work.add(() -> write(store, runs, steps, new Random(own)));
      }
      long accepted = 0;
      for (Future<Long> result : threads.invokeAll(work)) {
        accepted += result.get();
      }
      assertThat(accepted).isEqualTo(runs * steps);
      get(first.follow());
      get(second.follow());
      assertThat(byName(seenByOne)).isEqualTo(byName(seenByOther)).hasSize(runs);
      assertThat(byName(seenByOne))
          .isEqualTo(get(first.runs(Runs.all(Optional.empty(), 100))).items())
          .allMatch(run -> run.observations() == steps);
      assertThat(first.totals()).isEqualTo(second.totals());
      assertThat(first.totals().observations()).isEqualTo(runs * steps);
      assertThat(first.accepted()).isEqualTo(runs * steps);
    } finally {
      threads.shutdownNow();
    }
  }

  private static RunRegistry registry() {
    return new RunRegistry(Duration.ofMinutes(1), Clock.systemUTC(), Clock.systemUTC());
  }

  private static List<Run> byName(RunRegistry registry) {
    return registry.shown().stream().sorted(Comparator.comparing(Run::name)).toList();
  }

  /** Every run gets every step from every writer, in batches that overlap. */
  private static long write(Store store, int runs, long steps, Random random) {
    long accepted = 0;
    for (long step = 0; step < steps; step += 1 + random.nextInt(3)) {
      List<Observation> batch =
          LongStream.range(step, Math.min(steps, step + 3))
              .mapToObj(at -> scored(at, 0.5))
              .toList();
      List<CompletionStage<Appended>> stages =
          IntStream.range(0, runs).mapToObj(run -> store.append("run-" + run, batch, NOW)).toList();
      accepted += stages.stream().mapToLong(stage -> get(stage).accepted()).sum();
    }
    return accepted;
  }

  @Test
  void whoMissedMoreThanIsRememberedIsToldAnew() throws IOException {
    get(other.append("gone", List.of(scored(1, 0.5)), NOW));
    get(one.delete("gone"));
    get(one.append("a", List.of(scored(1, 0.5)), NOW));
    get(one.append("b", List.of(scored(1, 0.5)), NOW));
    schema.execute("delete from change where number < 4");
    get(other.follow());
    assertThat(heardByOther)
        .startsWith("gone live 1", "started over")
        .hasSize(4)
        .contains("a live 1", "b live 1");
    heardByOther.clear();
    get(one.append("c", List.of(scored(1, 0.5)), NOW));
    schema.execute("delete from change");
    get(other.append("d", List.of(scored(1, 0.5)), NOW));
    assertThat(heardByOther).startsWith("started over").hasSize(5).contains("c live 1", "d live 1");
    get(other.follow());
    assertThat(heardByOther).filteredOn(line -> line.equals("started over")).hasSize(1);
  }

  @Test
  void whatIsMissedAndDoneAtOnceIsToldAsItIs() throws IOException {
    get(one.append("a", List.of(scored(1, 0.5)), NOW));
    get(other.follow());
    get(one.append("b", List.of(scored(1, 0.5)), NOW));
    schema.execute("delete from change");
    heardByOther.clear();
    get(other.end("a", COMPLETED, NOW.plusSeconds(1)));
    assertThat(heardByOther).containsExactlyInAnyOrder("started over", "a completed 1", "b live 1");
  }

  @Test
  void aRunThatWasDeletedAndBegunAnewMeanwhileIsToldOfAsBoth() {
    get(one.append("a", List.of(scored(1, 0.5), scored(2, 0.5)), NOW));
    get(other.follow());
    heardByOther.clear();
    get(one.delete("a"));
    get(one.append("a", List.of(scored(1, 0.5)), NOW));
    get(other.follow());
    assertThat(heardByOther).containsExactly("a deleted", "a live 1");
  }

  @Test
  void whoTriesInVainToChangeSomethingKnowsHowMuchThereIs() {
    get(one.append("a", List.of(scored(1, 0.5)), NOW));
    assertThat(get(other.delete("b"))).isFalse();
    assertThat(other.totals()).isEqualTo(one.totals());
  }

  @Test
  void aCollectorThatCannotShareIsRefusedAndRefuses() throws Exception {
    String lock = "(hashtextextended(coalesce(current_schema(), ''), x'6c6174656e74'::bigint))";
    assertThat(schema.query("select pg_try_advisory_lock" + lock)).isEqualTo("f");
    one.close();
    other.close();
    try (Connection earlier = schema.database().openBeside();
        Statement statement = earlier.createStatement()) {
      statement.execute("select pg_advisory_lock" + lock);
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> open(Runs.NOBODY).close())
          .withMessageContaining("a collector of an earlier version uses it");
    }
    open(Runs.NOBODY).close();
  }

  @Test
  void oneThatFreezesInTheMiddleOfAMessageIsThrownOut() throws Exception {
    List<Observation> many = LongStream.range(0, 500).mapToObj(at -> scored(at, 0.5)).toList();
    try (CuttingProxy proxy = new CuttingProxy(PostgresServer.shared().port());
        Store frozen =
            PostgresSchema.open(
                schema.database(proxy.port(), PostgresServer.PASSWORD),
                Capacity.DEFAULT,
                Runs.NOBODY,
                NOW)) {
      proxy.freezeInNextLongMessage();
      CompletionStage<Appended> broken = frozen.append("a", many, NOW);
      assertThat(get(one.append("b", List.of(scored(1, 0.5)), NOW)).accepted()).isEqualTo(1);
      assertThat(broken).failsWithin(Duration.ofMinutes(1));
      assertThat(get(frozen.append("a", many, NOW)).accepted()).isEqualTo(500);
    }
  }

  @Test
  void oneThatStopsInTheMiddleOfAChangeIsThrownOut() throws Exception {
    try (Connection stopped = schema.database().openWriter();
        Statement statement = stopped.createStatement()) {
      statement.execute("select changes from books for update");
      // Only the server can end this wait.
      assertThat(get(one.append("a", List.of(scored(1, 0.5)), NOW)).accepted()).isEqualTo(1);
    }
  }

  @Test
  void severalMayBeginAtOnceWhereThereIsNothingYet() throws Exception {
    PostgresSchema empty = PostgresSchema.create();
    int collectors = 4;
    CountDownLatch start = new CountDownLatch(collectors);
    ExecutorService threads = Executors.newFixedThreadPool(collectors);
    try {
      List<Future<Store>> stores =
          IntStream.range(0, collectors)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            start.countDown();
                            start.await();
                            return empty.open(Capacity.DEFAULT, Runs.NOBODY, NOW);
                          }))
              .toList();
      for (Future<Store> opened : stores) {
        try (Store store = opened.get()) {
          assertThat(get(store.probe())).isTrue();
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aTableThatALaterVersionHasChangedUnderneathIsStillWritten() throws IOException {
    get(one.append("a", List.of(scored(1, 0.5)), NOW));
    schema.execute(
        "select 1 from books for update; alter table run add column later bigint not null default"
            + " 0; create table later (id bigint primary key)");
    assertThat(get(one.append("a", List.of(scored(2, 0.5)), NOW)).accepted()).isEqualTo(1);
    assertThat(get(other.append("a", List.of(scored(3, 0.5)), NOW)).accepted()).isEqualTo(1);
    assertThat(get(one.find("a")).orElseThrow().observations()).isEqualTo(3);
  }
}
