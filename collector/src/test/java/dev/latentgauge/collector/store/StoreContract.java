package dev.latentgauge.collector.store;

import static dev.latentgauge.collector.Observations.key;
import static dev.latentgauge.collector.Observations.scored;
import static dev.latentgauge.collector.Observations.undefined;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.run.RunListener;
import dev.latentgauge.collector.run.RunState;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every store does; a test of a store extends it. */
abstract class StoreContract {

  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");
  private static final Instant LATER = NOW.plusSeconds(60);
  private static final RunEnd COMPLETED = new RunEnd(RunEnd.State.COMPLETED, "done");

  /**
   * Room for 3 runs, 2 of them live; with 3 series each, 4 together; 5 observations, 8 together.
   */
  private static final Capacity SMALL = new Capacity(2, 3, 3, 4, 5, 8);

  private final List<String> heard = new ArrayList<>();
  private final RunListener listener =
      new RunListener() {
        @Override
        public void changed(Run run) {
          heard.add(run.name() + " " + run.state().text() + " " + run.observations());
        }

        @Override
        public void deleted(String name) {
          heard.add(name + " deleted");
        }
      };
  private final Store store = open(Capacity.DEFAULT, listener);
  private final Store small = open(SMALL, listener);

  /** An empty store. */
  abstract Store open(Capacity capacity, RunListener listener);

  @AfterEach
  void close() {
    store.close();
    small.close();
  }

  @Test
  void aDirectiveIsAnsweredUntilTheNextAttempt() {
    assertThat(get(store.direct("a", Directive.stop("diverged")))).isEmpty();
    get(store.register(RunInfo.named("a"), NOW));
    Directive stop = Directive.stop("diverged");
    assertThat(get(store.direct("a", stop)).orElseThrow().directive()).isEqualTo(stop);
    assertThat(append("a", scored(1, 0.5))).isEqualTo(new Appended(1, 0, stop));
    assertThat(append("a", scored(1, 0.5))).isEqualTo(new Appended(0, 1, stop));
    get(store.end("a", COMPLETED, NOW));
    assertThat(get(store.find("a")).orElseThrow().directive()).isEqualTo(stop);
    assertConflict(store.direct("a", stop))
        .withMessageContaining("the run a must be live to be told what to do, but is completed");
    assertThat(append("a", scored(2, "encoder", 1, 0.5)))
        .isEqualTo(new Appended(1, 0, Directive.CONTINUE));
    assertThat(get(store.direct("a", stop)).orElseThrow().live()).isTrue();
    assertThat(get(store.direct("a", Directive.CONTINUE)).orElseThrow().directive())
        .isEqualTo(Directive.CONTINUE);
  }

  @Test
  void anObservationIsFoundByItsKey() {
    get(store.append("a", List.of(scored(1, 0.5), scored(2, 0.6)), NOW));
    assertThat(get(store.observation("a", key(1, "encoder", 2)))).hasValue(scored(2, 0.6));
    assertThat(get(store.observation("a", key(1, "encoder", 3)))).isEmpty();
    assertThat(get(store.observation("b", key(1, "encoder", 2)))).isEmpty();
  }

  @Test
  void keepsWhatWasSaidOfARun() {
    RunInfo info = RunInfo.named("a").withModel("cnn").tag("lr", "0.01").withStartedAt(NOW);
    assertThat(get(store.register(info, NOW))).isEqualTo(Run.registered(info, NOW));
    assertThat(get(store.find("a"))).contains(Run.registered(info, NOW));
    RunInfo more = info.withDataset("fashion");
    assertThat(get(store.register(more, LATER))).isEqualTo(Run.registered(more, NOW));
    assertThat(get(store.find("b"))).isEmpty();
  }

  @Test
  void refusesToGoBackToAnEarlierAttempt() {
    get(store.register(RunInfo.named("a").withAttempt(3), NOW));
    assertConflict(store.register(RunInfo.named("a").withAttempt(2), NOW))
        .withMessageContaining("attempt must be at least 3, at which the run a is, but is 2");
  }

  @Test
  void refusesAnotherStartOfTheSameAttempt() {
    RunInfo first = RunInfo.named("a").withStartedAt(NOW);
    get(store.register(first, NOW));
    get(store.register(first, LATER));
    get(store.register(RunInfo.named("a").withDataset("fashion"), LATER));
    get(store.end("a", COMPLETED, LATER));
    assertConflict(store.register(first.withStartedAt(LATER), LATER))
        .withMessageContaining(
            "the run a, attempt 1, was started at 2026-05-06T07:08:09Z, not at"
                + " 2026-05-06T07:09:09Z; a training that starts anew needs a new attempt, such as"
                + " 2, or another name");
    Run kept = get(store.find("a")).orElseThrow();
    assertThat(kept.info().startedAt()).contains(NOW);
    assertThat(kept.state()).isEqualTo(RunState.COMPLETED);
    get(store.register(first.withAttempt(2).withStartedAt(LATER), LATER));
    assertThat(get(store.find("a")).orElseThrow().state()).isEqualTo(RunState.LIVE);
  }

  @Test
  void anAttemptThatIsHeardOfByItsObservationsFirstMayThenSayWhenItStarted() {
    get(store.register(RunInfo.named("a").withStartedAt(NOW), NOW));
    append("a", scored(2, "encoder", 0, 0.5));
    RunInfo second = RunInfo.named("a").withAttempt(2).withStartedAt(LATER);
    assertThat(get(store.register(second, LATER)).info()).isEqualTo(second);
  }

  @Test
  void registersAnUnknownRunWithItsFirstObservations() {
    assertThat(append("a", scored(1, 0.5), scored(2, 0.5)))
        .isEqualTo(new Appended(2, 0, Directive.CONTINUE));
    Run run = get(store.find("a")).orElseThrow();
    assertThat(run.registeredAt()).isEqualTo(NOW);
    assertThat(run.observations()).isEqualTo(2);
    assertThat(run.state()).isEqualTo(RunState.LIVE);
    assertThat(append("b")).isEqualTo(new Appended(0, 0, Directive.CONTINUE));
    assertThat(get(store.find("b"))).isPresent();
  }

  @Test
  void storesTheSameObservationOnce() {
    append("a", scored(1, 0.5));
    assertThat(append("a", scored(1, 0.5), scored(2, 0.5), scored(2, 0.5)))
        .isEqualTo(new Appended(1, 2, Directive.CONTINUE));
    assertThat(all("a")).containsExactly(scored(1, 0.5), scored(2, 0.5));
    assertThat(get(store.find("a")).orElseThrow().observations()).isEqualTo(2);
  }

  @Test
  void refusesOtherContentUnderAKnownKeyAndStoresNothingOfTheBatch() {
    append("a", scored(7, 0.5));
    Run before = get(store.find("a")).orElseThrow();
    heard.clear();
    assertConflict(store.append("a", List.of(scored(8, 0.5), scored(7, 0.25)), NOW))
        .withMessageContaining("attempt 1, layer encoder, reference good@0123456789ab, step 7");
    assertConflict(store.append("a", List.of(scored(9, 0.5), undefined(1, "encoder", 9)), NOW));
    assertConflict(store.append("b", List.of(scored(9, 0.5), scored(9, 0.25)), NOW));
    assertThat(get(store.find("a"))).contains(before);
    assertThat(all("a")).containsExactly(scored(7, 0.5));
    assertThat(get(store.find("b"))).isEmpty();
    assertThat(heard).isEmpty();
  }

  @Test
  void tellsAttemptsAndLayersOfOneStepApart() {
    append("a", scored(7, 0.5));
    assertThat(append("a", scored(2, "encoder", 7, 0.25), scored(1, "head", 7, 0.25)))
        .isEqualTo(new Appended(2, 0, Directive.CONTINUE));
  }

  @Test
  void endsARunAndTakesLateObservations() {
    assertThat(get(store.end("a", COMPLETED, NOW))).isEmpty();
    append("a", scored(1, 0.5));
    Run ended = get(store.end("a", COMPLETED, LATER)).orElseThrow();
    assertThat(ended.ending()).contains(new Run.Ending(LATER, COMPLETED));
    append("a", scored(2, 0.5));
    assertThat(get(store.find("a")).orElseThrow().state()).isEqualTo(RunState.COMPLETED);
    append("a", scored(2, "encoder", 0, 0.5));
    assertThat(get(store.find("a")).orElseThrow().state()).isEqualTo(RunState.LIVE);
  }

  @Test
  void refusesALateEndOfAnEarlierAttempt() {
    get(store.register(RunInfo.named("a").withAttempt(2), NOW));
    assertConflict(store.end("a", COMPLETED.ofAttempt(1), LATER))
        .withMessageContaining("attempt must be at least 2, at which the run a is, but is 1");
    assertThat(get(store.find("a")).orElseThrow().live()).isTrue();
    Run ended = get(store.end("a", COMPLETED.ofAttempt(2), LATER)).orElseThrow();
    assertThat(ended.state()).isEqualTo(RunState.COMPLETED);
  }

  @Test
  void theEndOfALaterAttemptIsNotUndoneByItsLateObservations() {
    append("a", scored(1, 0.5));
    get(store.end("a", COMPLETED.ofAttempt(2), NOW));
    append("a", scored(2, "encoder", 1, 0.5));
    Run run = get(store.find("a")).orElseThrow();
    assertThat(run.attempt()).isEqualTo(2);
    assertThat(run.state()).isEqualTo(RunState.COMPLETED);
  }

  @Test
  void deletesARunWithItsObservations() {
    append("a", scored(1, 0.5));
    assertThat(get(store.delete("a"))).isTrue();
    assertThat(get(store.delete("a"))).isFalse();
    assertThat(get(store.find("a"))).isEmpty();
    assertThat(append("a", scored(1, 0.25))).isEqualTo(new Appended(1, 0, Directive.CONTINUE));
  }

  @Test
  void listsRunsByNameInPages() {
    for (String name : List.of("b", "a.1", "C", "a-1", "a")) {
      get(store.register(RunInfo.named(name), NOW));
    }
    Page<Run> first = get(store.runs(Optional.empty(), 3));
    assertThat(first.items()).extracting(Run::name).containsExactly("C", "a", "a-1");
    assertThat(first.more()).isTrue();
    get(store.delete("a-1"));
    Page<Run> second = get(store.runs(Optional.of("a-1"), 2));
    assertThat(second.items()).extracting(Run::name).containsExactly("a.1", "b");
    assertThat(second.more()).isFalse();
  }

  @Test
  void listsObservationsByAttemptAndStepInPages() {
    append("a", scored(2, "encoder", 1, 0.1), scored(10, 0.2), scored(9, 0.3));
    append("a", scored(1, "head", 9, 0.4));
    Page<Observation> first = page("a", Optional.empty(), 2);
    assertThat(first.items()).containsExactly(scored(9, 0.3), scored(1, "head", 9, 0.4));
    assertThat(first.more()).isTrue();
    append("a", scored(1, 0.5));
    Page<Observation> second = page("a", Optional.of(key(1, "head", 9)), 2);
    assertThat(second.items()).containsExactly(scored(10, 0.2), scored(2, "encoder", 1, 0.1));
    assertThat(second.more()).isFalse();
  }

  @Test
  void listsObservationsOfOneLayerOrReference() {
    append("a", scored(1, 0.5), scored(1, "head", 1, 0.5), scored(2, 0.5));
    assertThat(filtered(Optional.of("encoder"), Optional.empty()))
        .containsExactly(scored(1, 0.5), scored(2, 0.5));
    assertThat(filtered(Optional.empty(), Optional.of("good@0123456789ab"))).hasSize(3);
    assertThat(filtered(Optional.of("head"), Optional.of("other"))).isEmpty();
    assertThat(
            get(
                store.observations(
                    new ObservationQuery(
                        "b", Optional.empty(), Optional.empty(), Optional.empty(), 10))))
        .isEmpty();
  }

  @Test
  void tellsItsListenerOfEveryChangeInOrder() {
    get(store.register(RunInfo.named("a"), NOW));
    append("a", scored(1, 0.5));
    get(store.end("a", COMPLETED, NOW));
    get(store.delete("a"));
    assertThat(heard).containsExactly("a live 0", "a live 1", "a completed 1", "a deleted");
  }

  @Test
  void refusesMoreLiveRunsThanItMayHoldUntilOneEnds() {
    get(small.register(RunInfo.named("a"), NOW));
    get(small.append("b", List.of(), NOW));
    assertFull(small.append("c", List.of(), NOW), CapacityException.Limit.LIVE_RUNS)
        .withMessageContaining("live runs must be at most 2");
    get(small.register(RunInfo.named("b"), NOW));
    get(small.end("a", COMPLETED, NOW));
    get(small.append("c", List.of(), NOW));
    assertFull(
        small.register(RunInfo.named("a").withAttempt(2), NOW), CapacityException.Limit.LIVE_RUNS);
    get(small.append("a", List.of(scored(1, 0.5)), NOW));
    get(small.delete("b"));
    get(small.register(RunInfo.named("a").withAttempt(2), NOW));
  }

  @Test
  void refusesMoreRunsThanItMayHoldUntilOneIsDeleted() {
    for (String name : List.of("a", "b", "c")) {
      get(small.register(RunInfo.named(name), NOW));
      get(small.end(name, COMPLETED, NOW));
    }
    assertFull(small.register(RunInfo.named("d"), NOW), CapacityException.Limit.SPACE);
    get(small.delete("a"));
    get(small.register(RunInfo.named("d"), NOW));
  }

  @Test
  void refusesMoreObservationsThanItMayHoldAndStoresNothingOfTheBatch() {
    List<Observation> five = LongStream.range(0, 5).mapToObj(step -> scored(step, 0.5)).toList();
    get(small.append("a", five, NOW));
    assertFull(small.append("a", List.of(scored(5, 0.5)), NOW), CapacityException.Limit.SPACE)
        .withMessageContaining("at most 5");
    assertThat(get(small.find("a")).orElseThrow().observations()).isEqualTo(5);
    assertThat(get(small.append("a", five, NOW))).isEqualTo(new Appended(0, 5, Directive.CONTINUE));
    assertFull(small.append("b", five.subList(0, 4), NOW), CapacityException.Limit.SPACE)
        .withMessageContaining("at most 8");
    assertThat(get(small.find("b"))).isEmpty();
    get(small.append("b", five.subList(0, 3), NOW));
    get(small.delete("a"));
    get(small.append("b", five, NOW));
  }

  @Test
  void refusesMoreSeriesOfARunThanItMayHaveAndStoresNothingOfTheBatch() {
    get(small.append("a", List.of(scored(1, "l1", 1, 0.5), scored(1, "l2", 1, 0.5)), NOW));
    assertFull(
            small.append("a", List.of(scored(1, "l3", 1, 0.5), scored(1, "l4", 1, 0.5)), NOW),
            CapacityException.Limit.SERIES_OF_RUN)
        .withMessageContaining("must be at most 3, but the run a would have 4");
    assertThat(get(small.find("a")).orElseThrow().series()).hasSize(2);
    get(small.append("a", List.of(scored(1, "l3", 1, 0.5), scored(1, "l1", 2, 0.5)), NOW));
  }

  @Test
  void refusesMoreSeriesOverAllThanItMayHoldUntilRunsAreDeleted() {
    get(small.append("a", List.of(scored(1, "l1", 1, 0.5), scored(1, "l2", 1, 0.5)), NOW));
    get(small.append("b", List.of(scored(1, "l1", 1, 0.5)), NOW));
    List<Observation> two = List.of(scored(1, "l2", 1, 0.5), scored(1, "l3", 1, 0.5));
    assertFull(small.append("b", two, NOW), CapacityException.Limit.SPACE)
        .withMessageContaining("series in memory must be at most 4, and 3 are stored");
    get(small.append("b", List.of(scored(1, "l1", 2, 0.5)), NOW));
    get(small.delete("a"));
    get(small.append("b", two, NOW));
  }

  @Test
  void writersOfTheSameKeysStoreEachOnce() throws Exception {
    int writers = 8;
    List<Observation> batch = LongStream.range(0, 200).mapToObj(step -> scored(step, 0.5)).toList();
    CountDownLatch start = new CountDownLatch(writers);
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      List<Future<Appended>> results = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        results.add(
            threads.submit(
                () -> {
                  start.countDown();
                  start.await();
                  return get(store.append("a", batch, NOW));
                }));
      }
      int accepted = 0;
      for (Future<Appended> result : results) {
        accepted += result.get().accepted();
      }
      assertThat(accepted).isEqualTo(200);
      assertThat(heard).hasSize(writers).last().isEqualTo("a live 200");
    } finally {
      threads.shutdownNow();
    }
  }

  private Appended append(String run, Observation... observations) {
    return get(store.append(run, List.of(observations), NOW));
  }

  private List<Observation> all(String run) {
    return page(run, Optional.empty(), 1000).items();
  }

  private Page<Observation> page(String run, Optional<Observation.Key> after, int limit) {
    return get(store.observations(
            new ObservationQuery(run, Optional.empty(), Optional.empty(), after, limit)))
        .orElseThrow();
  }

  private List<Observation> filtered(Optional<String> layer, Optional<String> reference) {
    return get(store.observations(
            new ObservationQuery("a", layer, reference, Optional.empty(), 10)))
        .orElseThrow()
        .items();
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static ThrowableAssertAlternative<CompletionException> assertConflict(
      CompletionStage<?> stage) {
    return assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(() -> get(stage))
        .withCauseInstanceOf(ConflictException.class);
  }

  private static ThrowableAssertAlternative<CompletionException> assertFull(
      CompletionStage<?> stage, CapacityException.Limit limit) {
    return assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(() -> get(stage))
        .satisfies(
            failure ->
                assertThat(failure.getCause())
                    .isInstanceOfSatisfying(
                        CapacityException.class,
                        full -> assertThat(full.limit()).isEqualTo(limit)));
  }
}
