package dev.latentgauge.collector;

import static dev.latentgauge.collector.Observations.scored;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.run.RunRegistry;
import dev.latentgauge.collector.run.RunState;
import dev.latentgauge.collector.store.Capacity;
import dev.latentgauge.collector.store.Database;
import dev.latentgauge.collector.store.DatabaseUrl;
import dev.latentgauge.collector.store.SqlStore;
import dev.latentgauge.collector.store.Store;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HousekeepingTest {

  private static final Duration DAY = Duration.ofDays(1);
  private static final long BYTES = 200_000;
  private static final RunEnd COMPLETED = new RunEnd(RunEnd.State.COMPLETED, "");

  private final MutableClock clock = new MutableClock();
  private final MutableClock stopwatch = new MutableClock();
  private final RunRegistry runs = new RunRegistry(Duration.ofSeconds(60), clock, stopwatch);
  @TempDir private Path folder;
  private Store store;

  @BeforeEach
  void open() throws IOException {
    Capacity capacity = new Capacity(100, 100, 10, 1000, BYTES);
    store = SqlStore.open(Database.sqlite(folder), capacity, runs, clock::instant, stopwatch);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Housekeeping keeping(Optional<Duration> keep) {
    return new Housekeeping(store, runs, DAY, keep, BYTES, clock, stopwatch);
  }

  private void pass(Duration duration) {
    clock.pass(duration);
    stopwatch.pass(duration);
  }

  @Test
  void runsThatGaveNoWordForTooLongAreLost() {
    register("silent");
    pass(DAY.minusSeconds(1));
    register("young");
    keeping(Optional.empty()).round();
    assertThat(state("silent")).isEqualTo(RunState.LIVE);
    pass(Duration.ofSeconds(1));
    keeping(Optional.empty()).round();
    assertThat(state("silent")).isEqualTo(RunState.LOST);
    assertThat(state("young")).isEqualTo(RunState.LIVE);
    assertThat(runs.shown()).extracting(Run::state).contains(RunState.LOST);
  }

  @Test
  void aClockThatIsSetOnMakesNobodySilentAndNothingOld() {
    register("a");
    end("b");
    clock.pass(Duration.ofDays(3650));
    Housekeeping keeping = keeping(Optional.of(DAY));
    keeping.round();
    assertThat(state("a")).isEqualTo(RunState.LIVE);
    assertThat(state("b")).isEqualTo(RunState.COMPLETED);
    assertThat(store.expired()).isZero();
  }

  @Test
  void aRunWhoseWordsNobodyCouldTakeIsNotLost() throws IOException {
    store.close();
    try (PostgresServer postgres = PostgresServer.start()) {
      store =
          SqlStore.open(
              Database.postgres(
                  DatabaseUrl.parse(postgres.url()), Optional.of(PostgresServer.PASSWORD)),
              Capacity.DEFAULT,
              runs,
              clock::instant,
              stopwatch);
      Housekeeping keeping = keeping(Optional.empty());
      register("a");
      postgres.stop("fast");
      keeping.round();
      pass(DAY.multipliedBy(2));
      keeping.round();
      postgres.resume();
      keeping.round();
      assertThat(state("a")).isEqualTo(RunState.LIVE);
      pass(DAY);
      keeping.round();
      assertThat(state("a")).isEqualTo(RunState.LOST);
      store.close();
    }
  }

  @Test
  void runsAreDeletedWhenTheyAreTooOldAndLiveOnesNever() {
    register("live");
    end("old");
    pass(DAY);
    end("young");
    pass(Duration.ofSeconds(1));
    store.append("live", List.of(scored(1, 0.5)), clock.instant()).toCompletableFuture().join();
    keeping(Optional.empty()).round();
    assertThat(names()).containsExactly("live", "old", "young");
    Housekeeping keeping = keeping(Optional.of(DAY));
    keeping.round();
    assertThat(names()).containsExactly("live", "young");
    assertThat(store.expired()).isEqualTo(1);
  }

  @Test
  void whenRoomBecomesShortTheRunsThatEndedFirstAreDeleted() {
    List<Observation> many = LongStream.range(0, 5).mapToObj(step -> scored(step, 0.5)).toList();
    int number = 0;
    while (store.totals().bytes() < 0.96 * BYTES) {
      String name = "run-" + number++;
      await(store.append(name, many, clock.instant()));
      end(name);
      pass(Duration.ofSeconds(1));
    }
    register("live");
    Housekeeping keeping = keeping(Optional.empty());
    keeping.round();
    assertThat(store.expired()).isPositive().isLessThan(number);
    assertThat(store.totals().bytes()).isLessThanOrEqualTo((long) (0.9 * BYTES));
    assertThat(names())
        .contains("live", "run-" + (number - 1))
        .doesNotContain("run-0")
        .hasSize(number + 1 - (int) store.expired());
    keeping.round();
    assertThat(await(store.tidy())).isFalse();
  }

  private void register(String run) {
    await(store.register(RunInfo.named(run), clock.instant()));
  }

  private void end(String run) {
    register(run);
    await(store.end(run, COMPLETED, clock.instant()));
  }

  private RunState state(String run) {
    return await(store.find(run)).orElseThrow().state();
  }

  private List<String> names() {
    return await(store.runs(Runs.all(Optional.empty(), 1000))).items().stream()
        .map(Run::name)
        .toList();
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
