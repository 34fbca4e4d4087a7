package dev.latentgauge.collector.store;

import static dev.latentgauge.collector.Observations.key;
import static dev.latentgauge.collector.Observations.large;
import static dev.latentgauge.collector.Observations.scored;
import static dev.latentgauge.collector.Observations.scoredAnd;
import static dev.latentgauge.collector.Observations.undefined;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.latentgauge.collector.Runs;
import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.run.RunListener;
import dev.latentgauge.collector.run.RunState;
import dev.latentgauge.collector.run.Series;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.observation.Wire;
import dev.latentgauge.relative.Sketch;
import dev.latentgauge.stopping.PolicyWire;
import dev.latentgauge.stopping.StopPolicy;
import dev.latentgauge.stopping.Verdict;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store does; a test of a store extends it. */
abstract class StoreContract {

  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");
  private static final Instant LATER = NOW.plusSeconds(60);
  private static final RunEnd COMPLETED = new RunEnd(RunEnd.State.COMPLETED, "done");

  /** Room for 2 live runs, with 3 series each, 4 together, and 5 observations each. */
  private static final Capacity SMALL = new Capacity(2, 4, 3, 5, 1 << 20);

  private final Heard heard = new Heard();
  private Store store;
  private Store small;

  /** Opens a store that may have been opened before, under the same name. */
  abstract Store open(String name, Capacity capacity, RunListener listener, Instant endedAfter)
      throws IOException;

  /** Changes the database of a store that is closed, behind its back. */
  abstract void alter(String name, List<String> statements) throws Exception;

  @BeforeEach
  void open() throws IOException {
    store = open("store", Capacity.DEFAULT, heard, NOW);
    small = open("small", SMALL, heard, NOW);
    heard.clear();
  }

  @AfterEach
  void close() {
    store.close();
    small.close();
  }

  private void reopen(Instant endedAfter) throws IOException {
    store.close();
    heard.clear();
    store = open("store", Capacity.DEFAULT, heard, endedAfter);
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

  private static SketchReport sketch(String layer, int attempt, long step, int level) {
    return new SketchReport(
        new SketchKey(layer, "digits"),
        attempt,
        step,
        OptionalDouble.of(0.5),
        Optional.of(NOW.plusNanos(1)),
        Sketch.of(3, 1, new float[1], new float[] {1}, new byte[] {0, 9, (byte) level}));
  }

  private static SketchQuery sketchesOf(String... runs) {
    return new SketchQuery(Set.of(runs), Optional.empty(), Optional.empty());
  }

  @Test
  void keepsTheNewestSketchOfEachLayerAndProbes() throws IOException {
    assertThat(get(store.keep("a", sketch("encoder", 1, 5, 100), NOW)))
        .isEqualTo(new KeptSketch(true, 1, 5, Directive.CONTINUE));
    assertThat(get(store.keep("a", sketch("encoder", 1, 4, 101), LATER)))
        .isEqualTo(new KeptSketch(false, 1, 5, Directive.CONTINUE));
    get(store.keep("a", sketch("head", 1, 4, 102), LATER));
    assertThat(get(store.keep("a", sketch("encoder", 2, 1, 103), LATER)).kept()).isTrue();
    assertThat(heard)
        .containsSubsequence(
            "a live 0",
            "a sketched encoder digits 5",
            "a sketched head digits 4",
            "a sketched encoder digits 1")
        .doesNotContain("a sketched encoder digits 4");
    reopen(NOW);
    StoredSketch kept =
        get(store.sketches(sketchesOf("a").of(new SketchKey("encoder", "digits")), 9)).get(0);
    assertThat(kept.attempt()).isEqualTo(2);
    assertThat(kept.step()).isEqualTo(1);
    assertThat(kept.epoch()).hasValue(0.5);
    assertThat(kept.time()).isEqualTo(NOW.plusNanos(1));
    assertThat(get(store.sketchContents(sketchesOf(), 9)).get(kept))
        .isEqualTo(sketch("encoder", 2, 1, 103).sketch());
    assertThat(get(store.find("a")).orElseThrow().attempt()).isEqualTo(2);
    assertThat(store.totals().sketches()).isEqualTo(2);
  }

  @Test
  void changesOfOneCommitKnowOfEachOther() {
    List<CompletionStage<KeptSketch>> kept = new ArrayList<>();
    for (int step : new int[] {3, 5, 4, 5}) {
      kept.add(store.keep("a", sketch("encoder", 1, step, step), NOW));
    }
    CompletionStage<?> deleted = store.delete("a");
    CompletionStage<KeptSketch> after = store.keep("a", sketch("encoder", 1, 2, 7), LATER);
    assertThat(kept.stream().map(StoreContract::get))
        .extracting(KeptSketch::kept, KeptSketch::step)
        .containsExactly(tuple(true, 3L), tuple(true, 5L), tuple(false, 5L), tuple(true, 5L));
    get(deleted);
    assertThat(get(after)).isEqualTo(new KeptSketch(true, 1, 2, Directive.CONTINUE));
    assertThat(get(store.sketchContents(sketchesOf(), 9)).values())
        .containsExactly(sketch("encoder", 1, 2, 7).sketch());
    assertThat(store.totals().sketches()).isEqualTo(1);
  }

  @Test
  void aHistoryOfTheVersionBeforeSketchesIsGoneOnWith() throws Exception {
    get(store.register(RunInfo.named("a").tag("lr", "0.1"), NOW));
    append("a", scored(1, 0.5));
    append("a", undefined(1, "encoder", 2));
    get(store.end("b", COMPLETED, NOW));
    Totals before = store.totals();
    Run known = get(store.find("a")).orElseThrow();
    store.close();
    alter(
        "store",
        List.of(
            "drop table if exists reference_file",
            "drop table if exists reference_part",
            "drop table books",
            "drop table change",
            "drop table policy",
            "drop table decision",
            "drop table sketch",
            "alter table run drop column sketches",
            "alter table run drop column sketch_bytes",
            "delete from flyway_schema_history where version in ('2', '3', '4')"));
    reopen(NOW);
    assertThat(store.totals()).isEqualTo(before);
    assertThat(get(store.find("a"))).hasValue(known);
    assertThat(get(store.keep("a", sketch("encoder", 1, 5, 100), LATER)).kept()).isTrue();
    assertThat(append("a", scored(3, 0.6)).accepted()).isEqualTo(1);
    assertThat(store.accepted()).isEqualTo(3);
    assertThat(get(store.sketches(sketchesOf("a"), 9))).hasSize(1);
  }

  @Test
  void anUnchangedSketchIsNoNews() {
    get(store.keep("a", sketch("encoder", 1, 5, 100), NOW));
    heard.clear();
    assertThat(get(store.keep("a", sketch("encoder", 1, 5, 100), LATER)).kept()).isTrue();
    assertThat(heard).containsExactly("a live 0");
  }

  @Test
  void sketchesAreListedByWhatTheyCanBeComparedBy() {
    get(store.keep("a", sketch("encoder", 1, 1, 1), NOW));
    get(store.keep("b", sketch("encoder", 1, 1, 2), LATER));
    get(store.keep("b", sketch("head", 1, 1, 3), LATER));
    assertThat(get(store.sketchGroups(sketchesOf())))
        .containsExactly(
            new SketchGroup(new SketchKey("encoder", "digits"), 2),
            new SketchGroup(new SketchKey("head", "digits"), 1));
    assertThat(get(store.sketchGroups(sketchesOf("a", "c"))))
        .containsExactly(new SketchGroup(new SketchKey("encoder", "digits"), 1));
    SketchQuery encoders = sketchesOf().of(new SketchKey("encoder", "digits"));
    assertThat(get(store.sketches(encoders, 9)))
        .extracting(StoredSketch::run)
        .containsExactly("b", "a");
    assertThat(get(store.sketches(encoders, 1))).hasSize(1);
  }

  @Test
  void sketchesGoWithTheirRunAndGiveBackTheirRoom() throws Exception {
    long before = store.totals().bytes();
    get(store.keep("a", sketch("encoder", 1, 1, 1), NOW));
    long one = store.totals().bytes();
    assertThat(one).isGreaterThan(before + 1000);
    get(store.keep("a", sketch("encoder", 1, 2, 1), NOW));
    assertThat(store.totals().bytes()).isEqualTo(one);
    reopen(NOW);
    assertThat(store.totals().bytes()).isEqualTo(one);
    get(store.delete("a"));
    assertThat(store.totals()).isEqualTo(new Totals(0, 0, 0, 0, 0, before));
    get(store.register(RunInfo.named("a"), NOW));
    assertThat(get(store.sketches(sketchesOf("a"), 9))).isEmpty();
    store.close();
    // A row that is left would be found by nobody, and take room for ever.
    alter(
        "store",
        List.of(
            "create table none (number integer check (number = 0))",
            "insert into none select count(*) from sketch"));
  }

  @Test
  void aRunHasOnlySoManySketchesAndTheHistorySoMuchRoomForThem() throws IOException {
    for (String layer : List.of("a", "b", "c")) {
      get(small.keep("run", sketch(layer, 1, 1, 1), NOW));
    }
    assertFull(small.keep("run", sketch("d", 1, 1, 1), NOW), CapacityException.Limit.SERIES_OF_RUN);
    get(small.keep("run", sketch("c", 1, 2, 1), NOW));
    store.close();
    store = open("store", new Capacity(10, 10, 10, 1000, 2000), heard, NOW);
    get(store.keep("run", sketch("a", 1, 1, 1), NOW));
    assertFull(store.keep("run", sketch("b", 1, 1, 1), NOW), CapacityException.Limit.SPACE);
    assertThat(get(store.keep("run", sketch("a", 1, 2, 1), NOW)).kept()).isTrue();
  }

  @Test
  void keepsWhatWasSaidOfARun() {
    RunInfo info = RunInfo.named("a").withModel("cnn").tag("lr", "0.01").withStartedAt(NOW);
    assertThat(get(store.register(info, NOW))).isEqualTo(Run.registered(info, NOW));
    assertThat(get(store.find("a"))).contains(Run.registered(info, NOW));
    RunInfo more = info.withDataset("fashion");
    assertThat(get(store.register(more, LATER)))
        .isEqualTo(Run.registered(more, NOW).heard(LATER))
        .isEqualTo(get(store.find("a")).orElseThrow());
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
    Observation withFloor =
        scoredAnd(1, "encoder", 7, 0.5).scoreFloor(OptionalDouble.of(0.125)).build();
    assertConflict(store.append("a", List.of(withFloor), NOW));
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
    assertThat(ended.ending()).contains(new Run.Ending(LATER, RunState.COMPLETED, "done"));
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
    Page<Run> first = get(store.runs(Runs.all(Optional.empty(), 3)));
    assertThat(first.items()).extracting(Run::name).containsExactly("C", "a", "a-1");
    assertThat(first.more()).isTrue();
    get(store.delete("a-1"));
    Page<Run> second = get(store.runs(Runs.all(Optional.of("a-1"), 2)));
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
                    new ObservationQuery("b", ObservationFilter.ALL, Optional.empty(), 10))))
        .isEmpty();
  }

  @Test
  void listsObservationsOfAnAttemptAndOfSomeSteps() {
    append("a", scored(1, 0.1), scored(2, 0.2), scored(3, 0.3), scored(2, "encoder", 2, 0.4));
    assertThat(filtered(ObservationFilter.ALL.of(OptionalInt.of(2))))
        .containsExactly(scored(2, "encoder", 2, 0.4));
    assertThat(filtered(between(2, 2)))
        .containsExactly(scored(2, 0.2), scored(2, "encoder", 2, 0.4));
    assertThat(filtered(between(2, 3).of(OptionalInt.of(1))))
        .containsExactly(scored(2, 0.2), scored(3, 0.3));
    assertThat(filtered(between(4, 9))).isEmpty();
    assertThat(filtered(between(3, 2))).isEmpty();
  }

  private static ObservationFilter between(long from, long to) {
    return ObservationFilter.ALL.between(OptionalLong.of(from), OptionalLong.of(to));
  }

  /** More than a driver fetches at once. */
  @Test
  void aThinnedHistoryHasTheEndsTheSpikesAndTheGapsOfEachSeries() {
    Random random = new Random(7);
    List<Observation> all = new ArrayList<>();
    for (long step = 0; step < 5_000; step++) {
      all.add(scored(step < 2_500 ? 1 : 2, "encoder", step, 0.4 + 0.1 * random.nextDouble()));
    }
    all.set(1_234, scored(1, "encoder", 1_234, 0.99));
    all.set(3_456, scored(2, "encoder", 3_456, -0.99));
    all.set(4_321, undefined(2, "encoder", 4_321));
    get(store.append("a", all, NOW));
    append("a", scored(1, "head", 5, 0.5), undefined(1, "head", 7), scored(1, "head", 9, 0.5));
    List<Observation> thinned = thinned(ObservationFilter.ALL, 40);
    List<Observation> head = of("head", thinned);
    List<Observation> encoder = of("encoder", thinned);
    assertThat(head)
        .containsExactly(
            scored(1, "head", 5, 0.5), undefined(1, "head", 7), scored(1, "head", 9, 0.5));
    assertThat(encoder)
        .hasSizeBetween(20, 40)
        .contains(all.get(0), all.get(1_234), all.get(3_456), all.get(4_321), all.get(4_999));
    assertThat(thinned.stream().map(Observation::key)).isSortedAccordingTo(ObservationQuery.ORDER);
    assertThat(thinned(ObservationFilter.ALL.of(Optional.of("head"), Optional.empty()), 40))
        .isEqualTo(head);
    List<Observation> second = thinned(ObservationFilter.ALL.of(OptionalInt.of(2)), 5000);
    assertThat(second).isEqualTo(all.subList(2_500, 5_000));
    assertThat(thinned(between(1_000, 1_003), 4)).isEqualTo(all.subList(1_000, 1_004));
    assertThat(get(store.thinned("b", ObservationFilter.ALL, 40))).isEmpty();
    get(store.register(RunInfo.named("empty"), NOW));
    assertThat(get(store.thinned("empty", ObservationFilter.ALL, 40)).orElseThrow()).isEmpty();
  }

  @Test
  void aThinnedHistoryOfManySeriesHasFewerObservationsOfEach() {
    for (int layer = 0; layer < 100; layer++) {
      List<Observation> series = new ArrayList<>();
      for (long step = 0; step < 110; step++) {
        series.add(scored(1, "layer-" + layer, step, step % 2 == 0 ? 0.1 : 0.2));
      }
      get(store.append("a", series, NOW));
    }
    assertThat(thinned(ObservationFilter.ALL, 5000).size()).isBetween(4_000, 10_000);
    assertThat(thinned(ObservationFilter.ALL.of(Optional.of("layer-7"), Optional.empty()), 5000))
        .hasSize(110);
  }

  @Test
  void aThinnedHistoryOfLargeObservationsHasFewerOfThem() {
    List<Observation> all = new ArrayList<>();
    for (long step = 0; step < 1_000; step++) {
      all.add(scored(1, "light", step, 0.5));
    }
    for (long step = 0; step < 2_200; step++) {
      all.add(large("heavy", step, "x"));
    }
    get(store.append("a", all, NOW));
    List<Observation> thinned = thinned(ObservationFilter.ALL, 5000);
    assertThat(bytes(all)).isGreaterThan(10L << 20);
    assertThat(bytes(thinned)).isBetween(4L << 20, 8L << 20);
    assertThat(of("heavy", thinned)).startsWith(all.get(1_000)).endsWith(all.get(3_199));
    assertThat(thinned(ObservationFilter.ALL.of(Optional.of("light"), Optional.empty()), 5000))
        .isEqualTo(all.subList(0, 1_000));
  }

  @Test
  void aThinnedHistoryHasFourObservationsOfEachSeriesHoweverLargeTheyAre() {
    for (int layer = 0; layer < 100; layer++) {
      List<Observation> series = new ArrayList<>();
      for (long step = 0; step < 9; step++) {
        series.add(large("layer-" + layer, step, "\u00e9"));
      }
      get(store.append("a", series, NOW));
    }
    List<Observation> thinned = thinned(ObservationFilter.ALL, 5000);
    assertThat(bytes(thinned)).isGreaterThan(8L << 20);
    for (int layer = 0; layer < 100; layer++) {
      assertThat(of("layer-" + layer, thinned)).hasSizeBetween(2, 4);
    }
  }

  private static long bytes(List<Observation> observations) {
    return observations.stream().mapToLong(o -> Ascii.json(Wire.tree(o)).length()).sum();
  }

  private List<Observation> thinned(ObservationFilter filter, int points) {
    return get(store.thinned("a", filter, points)).orElseThrow();
  }

  private static List<Observation> of(String layer, List<Observation> observations) {
    return observations.stream().filter(o -> o.key().layer().equals(layer)).toList();
  }

  @Test
  void listsTheAttemptsOfARunThatHaveObservations() {
    append("a", scored(2, "encoder", 30, 0.5), scored(2, "head", 10, 0.5));
    append("a", undefined(1, "encoder", 0), scored(Integer.MAX_VALUE, "encoder", 1L << 53, 0.5));
    append("b", scored(4, "encoder", 5, 0.5));
    assertThat(attempts("a"))
        .containsExactly(
            new Attempt(1, 1, 0, 0),
            new Attempt(2, 2, 10, 30),
            new Attempt(Integer.MAX_VALUE, 1, 1L << 53, 1L << 53));
    get(store.register(RunInfo.named("none"), NOW));
    assertThat(attempts("none")).isEmpty();
    assertThat(get(store.attempts("unknown"))).isEmpty();
  }

  @Test
  void listsTheNewestAttemptsWhereARunHasMoreThanAThousand() {
    List<Observation> observations = new ArrayList<>();
    for (int attempt = 1; attempt <= 1_002; attempt++) {
      observations.add(scored(attempt, "encoder", 10, 0.5));
    }
    get(store.append("a", observations, NOW));
    assertThat(attempts("a").stream().map(Attempt::number))
        .containsExactlyElementsOf(IntStream.rangeClosed(3, 1_002).boxed().toList());
  }

  private List<Attempt> attempts(String run) {
    return get(store.attempts(run)).orElseThrow();
  }

  @Test
  void trendsHaveTheEndsAndEvenlySpacedPointsOfTheNewestAttempt() {
    List<Observation> all = new ArrayList<>();
    for (long step = 100; step <= 1_100; step++) {
      all.add(scored(2, "encoder", step, step / 10_000.0));
    }
    all.set(500, undefined(2, "encoder", 600));
    all.add(scored(1, "encoder", 5_000, 0.5));
    get(store.append("a", all, NOW));
    append("a", scored(3, "head", 7, 0.7), undefined(3, "head", 9));
    append("few", scored(1, 0.1), scored(2, 0.2), scored(100, 0.3), scored(2, "encoder", 3, 0.4));
    get(store.register(RunInfo.named("none"), NOW));
    List<RunTrends> trends = trends(11);
    assertThat(trends.stream().map(RunTrends::run)).containsExactly("a", "few", "none");
    List<Trend> ofA = trends.get(0).trends();
    assertThat(ofA.get(0).series()).isEqualTo(Series.of(key(1, "encoder", 1)));
    assertThat(ofA.get(0).attempt()).isEqualTo(2);
    assertThat(ofA.get(0).scores().keySet())
        .containsExactly(100L, 200L, 300L, 400L, 500L, 600L, 700L, 800L, 900L, 1_000L, 1_100L);
    assertThat(ofA.get(0).scores())
        .containsEntry(100L, OptionalDouble.of(0.01))
        .containsEntry(600L, OptionalDouble.empty())
        .containsEntry(1_100L, OptionalDouble.of(0.11));
    assertThat(ofA.get(1))
        .isEqualTo(
            new Trend(
                Series.of(key(1, "head", 1)),
                3,
                new TreeMap<>(Map.of(7L, OptionalDouble.of(0.7), 9L, OptionalDouble.empty()))));
    assertThat(ofA).hasSize(2);
    assertThat(trends.get(1).trends().get(0).scores())
        .containsExactly(Map.entry(3L, OptionalDouble.of(0.4)));
    assertThat(trends.get(2).trends()).isEmpty();
  }

  @Test
  void trendsOfAnyHistoryHoldWhatTheyPromise() {
    for (long seed = 0; seed < 30; seed++) {
      Random random = new Random(seed);
      TreeMap<Long, OptionalDouble> all = new TreeMap<>();
      List<Observation> observations = new ArrayList<>();
      int length = 1 + random.nextInt(1 << random.nextInt(9));
      int widest = 1 + random.nextInt(1 << random.nextInt(20));
      long step = random.nextInt(1_000);
      for (int i = 0; i < length; i++, step += 1 + random.nextInt(widest)) {
        double score = random.nextDouble();
        boolean isDefined = random.nextInt(5) > 0;
        all.put(step, isDefined ? OptionalDouble.of(score) : OptionalDouble.empty());
        observations.add(
            isDefined ? scored(1, "encoder", step, score) : undefined(1, "encoder", step));
        if (random.nextBoolean()) {
          observations.add(scored(1, "head", step + 1, 0.5));
        }
      }
      String run = "run-" + seed;
      get(store.append(run, observations, NOW));
      int points = 2 + random.nextInt(99);
      SortedMap<Long, OptionalDouble> scores =
          get(store.trends(Runs.all(Optional.empty(), 100), points)).items().stream()
              .filter(trends -> trends.run().equals(run))
              .flatMap(trends -> trends.trends().stream())
              .filter(trend -> trend.series().layer().equals("encoder"))
              .findFirst()
              .orElseThrow()
              .scores();
      assertThat(scores).as("seed %d", seed).hasSizeLessThanOrEqualTo(points);
      assertThat(all.entrySet()).as("seed %d", seed).containsAll(scores.entrySet());
      assertThat(scores.firstKey()).as("seed %d", seed).isEqualTo(all.firstKey());
      assertThat(scores.lastKey()).as("seed %d", seed).isEqualTo(all.lastKey());
      long width = all.lastKey() - all.firstKey();
      for (int cell = 0; cell < points - 1; cell++) {
        long from = all.firstKey() + cell * width / (points - 1);
        long to = all.firstKey() + (cell + 1) * width / (points - 1);
        assertThat(scores.subMap(from, to).isEmpty())
            .as("seed %d, from %d to %d", seed, from, to)
            .isEqualTo(all.subMap(from, to).isEmpty());
      }
    }
  }

  @Test
  void trendsArePagedAndFilteredAsRunsAre() {
    for (String run : List.of("cnn-1", "cnn-2", "mlp-1")) {
      append(run, scored(1, 0.5));
    }
    Page<RunTrends> first = get(store.trends(Runs.all(Optional.empty(), 2), 2));
    assertThat(first.items().stream().map(RunTrends::run)).containsExactly("cnn-1", "cnn-2");
    assertThat(first.more()).isTrue();
    Page<RunTrends> second = get(store.trends(Runs.all(Optional.of("cnn-2"), 2), 2));
    assertThat(second.items().stream().map(RunTrends::run)).containsExactly("mlp-1");
    assertThat(second.more()).isFalse();
    RunQuery query = new RunQuery(Set.of(), "mlp", new TreeMap<>(), Optional.empty(), 10);
    assertThat(get(store.trends(query, 2)).items()).hasSize(1);
  }

  /** The points of a page are bounded, however many series its runs have. */
  @Test
  void aPageOfTrendsEndsWhereRunsHaveManySeries() {
    for (int run = 0; run < 25; run++) {
      Observation[] series = new Observation[100];
      for (int layer = 0; layer < series.length; layer++) {
        series[layer] = scored(1, "layer-" + layer, 1, 0.5);
      }
      append("run-" + (char) ('a' + run), series);
    }
    Page<RunTrends> page = get(store.trends(Runs.all(Optional.empty(), 1000), 100));
    assertThat(page.items()).hasSize(20);
    assertThat(page.more()).isTrue();
    assertThat(get(store.trends(Runs.all(Optional.empty(), 1000), 40)).items()).hasSize(25);
  }

  /** It is looked for among the others, but not among all. */
  @Test
  void theTrendOfASeriesThatIsHardToFindHasFewerPoints() {
    for (long step = 0; step <= 240; step++) {
      List<Observation> all = new ArrayList<>();
      for (int layer = 0; layer < 99; layer++) {
        all.add(scored(1, "layer-" + layer, step, 0.5));
      }
      if (step >= 200) {
        all.add(scored(1, "rare", step, step / 1000.0));
      }
      get(store.append("a", all, NOW));
    }
    SortedMap<Long, OptionalDouble> scores = trends(11).get(0).trends().get(99).scores();
    assertThat(scores).hasSizeBetween(2, 10).containsEntry(240L, OptionalDouble.of(0.24));
    scores.forEach(
        (step, score) ->
            assertThat(score).as("at %d", step).isEqualTo(OptionalDouble.of(step / 1000.0)));
    assertThat(trends(11).get(0).trends().get(0).scores().keySet())
        .containsExactly(0L, 24L, 48L, 72L, 96L, 120L, 144L, 168L, 192L, 216L, 240L);
  }

  private List<RunTrends> trends(int points) {
    return get(store.trends(Runs.all(Optional.empty(), 1000), points)).items();
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
  void aSilentRunIsLostAndLiveAgainWithItsNextWord() {
    append("a", scored(1, 0.5));
    assertThat(get(store.lose("b", NOW, LATER))).isFalse();
    assertThat(get(store.lose("a", NOW.minusMillis(1), LATER))).isFalse();
    assertThat(get(store.lose("a", NOW, LATER))).isTrue();
    assertThat(get(store.lose("a", NOW, LATER))).isFalse();
    Run lost = get(store.find("a")).orElseThrow();
    assertThat(lost.ending())
        .contains(new Run.Ending(LATER, RunState.LOST, "no word since 2026-05-06T07:08:09Z"));
    assertThat(store.totals().liveRuns()).isZero();
    append("a", scored(1, 0.5));
    assertThat(get(store.find("a")).orElseThrow().live()).isTrue();
    get(store.lose("a", NOW, LATER));
    get(store.register(RunInfo.named("a"), LATER));
    assertThat(get(store.find("a")).orElseThrow().live()).isTrue();
    get(store.lose("a", LATER, LATER));
    get(store.end("a", COMPLETED, LATER));
    assertThat(get(store.find("a")).orElseThrow().state()).isEqualTo(RunState.COMPLETED);
    assertThat(get(store.lose("a", LATER, LATER))).isFalse();
  }

  @Test
  void runsThatEndedExpireInTheirOrderUnlessTheyAreStartedAgain() {
    for (String name : List.of("c", "b", "a")) {
      append(name, scored(1, 0.5));
    }
    get(store.end("c", COMPLETED, LATER));
    get(store.end("b", COMPLETED, NOW));
    List<EndedRun> ended = get(store.firstEnded(10));
    assertThat(ended).extracting(EndedRun::name).containsExactly("b", "c");
    assertThat(ended).extracting(EndedRun::endedAt).containsExactly(NOW, LATER);
    assertThat(get(store.firstEnded(1))).extracting(EndedRun::name).containsExactly("b");
    get(store.register(RunInfo.named("c").withAttempt(2), LATER));
    assertThat(get(store.expire(ended.get(1)))).isFalse();
    assertThat(get(store.expire(ended.get(0)))).isTrue();
    assertThat(get(store.expire(ended.get(0)))).isFalse();
    assertThat(get(store.firstEnded(10))).isEmpty();
  }

  @Test
  void whatDeletedRunsTookIsGivenBackLittleByLittle() throws IOException {
    List<Observation> many = LongStream.range(0, 5000).mapToObj(step -> scored(step, 0.5)).toList();
    get(store.append("a", many, NOW));
    append("b", scored(1, 0.5));
    get(store.delete("a"));
    append("a", scored(1, 0.25));
    reopen(NOW);
    int turns = 0;
    while (get(store.tidy())) {
      turns++;
    }
    assertThat(turns).isEqualTo(3);
    assertThat(all("a")).containsExactly(scored(1, 0.25));
    assertThat(all("b")).containsExactly(scored(1, 0.5));
  }

  @Test
  void listsRunsByStateTagAndBeginningOfTheName() {
    get(store.register(RunInfo.named("cnn-1").tag("lr", "0.1").tag("seed", "1"), NOW));
    get(store.register(RunInfo.named("cnn-2").tag("lr", "0.1").tag("seed", "2"), NOW));
    get(store.register(RunInfo.named("mlp-1").tag("lr", "0.2").tag("seed", "1"), NOW));
    get(store.end("cnn-1", COMPLETED, NOW));
    assertThat(names(Set.of(RunState.LIVE), "", Map.of())).containsExactly("cnn-2", "mlp-1");
    assertThat(names(Set.of(RunState.FAILED), "", Map.of())).isEmpty();
    assertThat(names(Set.of(), "cnn", Map.of())).containsExactly("cnn-1", "cnn-2");
    assertThat(names(Set.of(), "", Map.of("lr", "0.1"))).containsExactly("cnn-1", "cnn-2");
    assertThat(names(Set.of(), "", Map.of("lr", "0.1", "seed", "2"))).containsExactly("cnn-2");
    assertThat(names(Set.of(RunState.COMPLETED), "c", Map.of("seed", "1")))
        .containsExactly("cnn-1");
    get(store.register(RunInfo.named("cnn-2").tag("lr", "\u00e9\u0000\ud83d\ude00\"'"), NOW));
    assertThat(names(Set.of(), "", Map.of("seed", "2"))).isEmpty();
    assertThat(names(Set.of(), "", Map.of("lr", "\u00e9\u0000\ud83d\ude00\"'")))
        .containsExactly("cnn-2");
    get(store.delete("cnn-2"));
    get(store.register(RunInfo.named("cnn-2"), NOW));
    assertThat(names(Set.of(), "", Map.of("lr", "\u00e9\u0000\ud83d\ude00\"'"))).isEmpty();
  }

  private List<String> names(Set<RunState> states, String prefix, Map<String, String> tags) {
    RunQuery query = new RunQuery(states, prefix, new TreeMap<>(tags), Optional.empty(), 10);
    return get(store.runs(query)).items().stream().map(Run::name).toList();
  }

  @Test
  void everythingIsThereAfterItWasClosedAndOpenedAgain() throws IOException {
    RunInfo info =
        RunInfo.named("a")
            .withModel("\u6a21\u578b \u0000 \ud83d\ude00")
            .tag("lr", "0.01")
            .withStartedAt(NOW)
            .withCommand("train --lr 0.01");
    get(store.register(info, NOW));
    append("a", scored(1, 0.5), undefined(1, "head", 2), scored(2, "encoder", 1, 0.75));
    get(store.direct("a", Directive.stop("diverged")));
    append("b", scored(1, 0.5));
    get(store.end("b", COMPLETED, LATER));
    append("c", scored(1, 0.5));
    get(store.end("c", COMPLETED, NOW));
    List<Run> before = get(store.runs(Runs.all(Optional.empty(), 10))).items();
    Totals totals = store.totals();
    reopen(NOW);
    assertThat(get(store.runs(Runs.all(Optional.empty(), 10))).items()).isEqualTo(before);
    assertThat(store.totals()).isEqualTo(totals);
    assertThat(all("a")).hasSize(3);
    assertThat(heard).containsExactlyInAnyOrder("started over", "a live 3", "b completed 1");
    assertThat(append("a", scored(2, "encoder", 1, 0.75)))
        .isEqualTo(new Appended(0, 1, Directive.stop("diverged")));
    assertConflict(store.append("a", List.of(scored(1, 0.25)), NOW));
  }

  @Test
  void changesThatWaitAreMadeBeforeItIsClosedAndLaterOnesAreRefused() throws IOException {
    List<CompletionStage<Appended>> stages = new ArrayList<>();
    for (int step = 0; step < 500; step++) {
      stages.add(store.append("a", List.of(scored(step, 0.5)), NOW));
    }
    store.close();
    stages.forEach(stage -> assertThat(get(stage).accepted()).isEqualTo(1));
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(() -> append("a", scored(500, 0.5)))
        .withCauseInstanceOf(StoreException.class);
    reopen(NOW);
    assertThat(get(store.find("a")).orElseThrow().observations()).isEqualTo(500);
  }

  @Test
  void aListenerThatFailsCostsNobodyAnAnswer() throws IOException {
    store.close();
    RunListener broken =
        new RunListener() {
          @Override
          public void changed(Run run) {
            heard.changed(run);
            throw new AssertionError("broken");
          }

          @Override
          public void deleted(String name) {
            throw new IllegalStateException("broken");
          }
        };
    store = open("store", Capacity.DEFAULT, broken, LATER);
    assertThat(append("a", scored(1, 0.5)).accepted()).isEqualTo(1);
    assertThat(append("a", scored(2, 0.5)).accepted()).isEqualTo(1);
    assertThat(get(store.delete("a"))).isTrue();
    assertThat(heard).containsExactly("a live 1", "a live 2");
  }

  @Test
  void aRefusedChangeLeavesTheOthersOfItsGroupAsTheyAre() {
    List<CompletionStage<Appended>> good = new ArrayList<>();
    List<CompletionStage<Appended>> bad = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      good.add(store.append("a", List.of(scored(i, 0.5)), NOW));
      bad.add(store.append("a", List.of(scored(1000 + i, 0.5), scored(i, 0.25)), NOW));
    }
    good.forEach(stage -> assertThat(get(stage).accepted()).isEqualTo(1));
    bad.forEach(StoreContract::assertConflict);
    assertThat(get(store.find("a")).orElseThrow().observations()).isEqualTo(200);
    assertThat(all("a")).hasSize(200);
  }

  @Test
  void aRunMayBeDeletedAndBegunAnewInOneGroup() throws IOException {
    append("a", scored(1, 0.5), scored(2, 0.5));
    List<CompletionStage<?>> stages = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      stages.add(store.append("a", List.of(scored(3, 0.5)), NOW));
      stages.add(store.delete("a"));
      stages.add(store.append("a", List.of(scored(1, i)), NOW));
    }
    stages.forEach(StoreContract::get);
    assertThat(all("a")).containsExactly(scored(1, 49));
    reopen(NOW);
    assertThat(all("a")).containsExactly(scored(1, 49));
    assertThat(store.totals().runs()).isEqualTo(1);
  }

  @Test
  void lateObservationsDoNotReplaceNewerOnesButAreKept() throws IOException {
    append("a", scored(5, 0.5));
    append("a", scored(3, 0.25));
    assertThat(append("a", scored(3, 0.25), scored(4, 0.125)))
        .isEqualTo(new Appended(1, 1, Directive.CONTINUE));
    reopen(NOW);
    assertThat(get(store.find("a")).orElseThrow().newest()).contains(scored(5, 0.5));
    assertThat(all("a")).containsExactly(scored(3, 0.25), scored(4, 0.125), scored(5, 0.5));
  }

  @Test
  void aTrialSaysThatItCanBeWritten() {
    assertThat(get(store.probe())).isTrue();
    assertThat(get(store.probe())).isTrue();
    assertThat(store.trouble()).isEmpty();
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
  void refusesMoreObservationsThanARunMayHaveAndStoresNothingOfTheBatch() {
    List<Observation> five = LongStream.range(0, 5).mapToObj(step -> scored(step, 0.5)).toList();
    get(small.append("a", five, NOW));
    assertFull(
            small.append("a", List.of(scored(5, 0.5)), NOW),
            CapacityException.Limit.OBSERVATIONS_OF_RUN)
        .withMessageContaining("must be at most 5, but the run a would have 6");
    assertThat(get(small.find("a")).orElseThrow().observations()).isEqualTo(5);
    assertThat(get(small.append("a", five, NOW))).isEqualTo(new Appended(0, 5, Directive.CONTINUE));
    get(small.append("b", five, NOW));
  }

  @Test
  void refusesMoreThanItHasRoomForUntilARunIsDeleted() throws IOException {
    store.close();
    store = open("store", new Capacity(10, 10, 10, 1000, 20_000), heard, NOW);
    long step = 0;
    while (store.totals().bytes() < 19_000) {
      get(store.append("a", List.of(scored(step++, 0.5)), NOW));
    }
    List<Observation> more = LongStream.range(0, 5).mapToObj(at -> scored(at, 0.5)).toList();
    assertFull(store.append("b", more, NOW), CapacityException.Limit.SPACE)
        .withMessageContaining("at most 20000 bytes");
    assertThat(get(store.find("b"))).isEmpty();
    get(store.end("a", COMPLETED, NOW));
    get(store.delete("a"));
    assertThat(store.totals()).isEqualTo(Totals.NONE);
    get(store.append("b", more, NOW));
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
  void refusesMoreLiveSeriesThanItMayHoldUntilRunsEnd() {
    get(small.append("a", List.of(scored(1, "l1", 1, 0.5), scored(1, "l2", 1, 0.5)), NOW));
    get(small.append("b", List.of(scored(1, "l1", 1, 0.5)), NOW));
    List<Observation> two = List.of(scored(1, "l2", 1, 0.5), scored(1, "l3", 1, 0.5));
    assertFull(small.append("b", two, NOW), CapacityException.Limit.LIVE_RUNS)
        .withMessageContaining("must be at most 4, and 3 are live");
    get(small.append("b", List.of(scored(1, "l1", 2, 0.5)), NOW));
    get(small.end("a", COMPLETED, NOW));
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
      assertThat(all("a")).hasSize(200);
    } finally {
      threads.shutdownNow();
    }
  }

  private static StopPolicy policy(String name) {
    return PolicyWire.read(name, "{\"runs\":\"*\",\"rule\":\"median\",\"minPeers\":2}");
  }

  private static Standing standing(String run, double checkpoint, double value) {
    return new Standing(run, 1, 0, checkpoint, 10, value);
  }

  private Optional<Decision> decide(StoredPolicy policy, Standing standing) {
    return get(store.decide(policy, standing, NOW));
  }

  @Test
  void aPolicyIsKeptUnderItsName() throws IOException {
    StoredPolicy first = get(store.define(policy("b"), NOW));
    get(store.define(policy("a"), LATER));
    StopPolicy other =
        PolicyWire.read("b", "{\"tags\":{\"x\":\"é\"},\"rule\":\"successive-halving\"}");
    assertThat(get(store.define(other, LATER))).isEqualTo(first);
    reopen(NOW);
    List<StoredPolicy> all = get(store.policies());
    assertThat(all).extracting(stored -> stored.policy().name()).containsExactly("a", "b");
    assertThat(all.get(1)).isEqualTo(first);
    assertThat(get(store.deletePolicy("b"))).isTrue();
    assertThat(get(store.deletePolicy("b"))).isFalse();
    assertThat(get(store.define(other, LATER)).policy()).isEqualTo(other);
  }

  @Test
  void aDecisionIsStoredWithWhatItTellsTheRun() throws IOException {
    StoredPolicy policy = get(store.define(policy("p"), NOW));
    for (String run : List.of("a", "b", "c")) {
      append(run, scored(1, 0.5));
    }
    assertThat(decide(policy, standing("a", 1, 0.75)).orElseThrow().verdict().action())
        .isEqualTo(Verdict.Action.UNDECIDED);
    assertThat(decide(policy, standing("b", 1, 0.5))).isPresent();
    heard.clear();
    Decision made = decide(policy, standing("c", 1, 0.25)).orElseThrow();
    assertThat(made.verdict())
        .isEqualTo(new Verdict(Verdict.Action.STOP, 3, 2, OptionalDouble.of(0.625)));
    assertThat(heard).containsExactly("c live 1");
    assertThat(get(store.find("c")).orElseThrow().directive())
        .isEqualTo(Directive.stop("p: " + made.reason()));
    reopen(NOW);
    assertThat(get(store.decisionsOfRun("c", 1, 9))).containsExactly(made);
    assertThat(get(store.decisionsOfPolicy("p", Optional.of(Verdict.Action.STOP), 9)))
        .containsExactly(made);
    assertThat(get(store.decisionsOfPolicy("p", Optional.empty(), 2))).hasSize(2);
    StoredPolicy counted = get(store.policies()).get(0);
    assertThat(counted.undecided()).isEqualTo(2);
    assertThat(counted.stopped()).isEqualTo(1);
    assertThat(append("c", scored(2, 0.5)).directive().stops()).isTrue();
  }

  @Test
  void whatIsDecidedStaysDecidedUnlessItWasLeftOpen() {
    StoredPolicy policy = get(store.define(policy("p"), NOW));
    for (String run : List.of("a", "b", "c")) {
      append(run, scored(1, 0.5));
      decide(policy, standing(run, 1, 0.5));
    }
    assertThat(decide(policy, standing("c", 1, 0.1))).isEmpty();
    Decision later = decide(policy, standing("a", 1, 0.9)).orElseThrow();
    assertThat(later.verdict())
        .isEqualTo(new Verdict(Verdict.Action.CONTINUE, 1, 2, OptionalDouble.of(0.5)));
    assertThat(get(store.decisionsOfRun("a", 1, 9))).containsExactly(later);
    assertThat(get(store.decide(policy, new Standing("a", 2, 0, 1, 10, 1), NOW))).isEmpty();
    assertThat(decide(policy, standing("nobody", 1, 0.5))).isEmpty();
    get(store.deletePolicy("p"));
    assertThat(decide(policy, standing("b", 2, 0.5))).isEmpty();
    assertThat(get(store.decisionsOfRun("a", 1, 9))).isEmpty();
  }

  @Test
  void runsAreComparedInTheOrderInWhichTheyCome() {
    StoredPolicy policy = get(store.define(policy("p"), NOW));
    int runs = 40;
    IntStream.range(0, runs).forEach(run -> append("run-" + run, scored(1, 0.5)));
    List<CompletionStage<Optional<Decision>>> decisions =
        IntStream.range(0, runs)
            .mapToObj(run -> store.decide(policy, standing("run-" + run, 1, run), NOW))
            .toList();
    for (int run = 0; run < runs; run++) {
      Verdict verdict = get(decisions.get(run)).orElseThrow().verdict();
      assertThat(verdict.peers()).isEqualTo(run);
      assertThat(verdict.rank()).isEqualTo(1);
    }
  }

  @Test
  void whatAPersonSaysIsNotOverruled() {
    StoredPolicy policy = get(store.define(policy("p"), NOW));
    for (String run : List.of("a", "b", "c", "d")) {
      append(run, scored(1, 0.5));
    }
    decide(policy, standing("a", 1, 0.75));
    decide(policy, standing("b", 1, 0.5));
    Directive spared = new Directive(false, "I know better");
    get(store.direct("c", spared));
    assertThat(decide(policy, standing("c", 1, 0.25))).isEmpty();
    assertThat(get(store.find("c")).orElseThrow().directive()).isEqualTo(spared);
    get(store.end("d", COMPLETED, NOW));
    assertThat(decide(policy, standing("d", 1, 0.25))).isEmpty();
  }

  /** Its own standing is found even where those of newer runs are all that others see. */
  @Test
  void amongVeryManyRunsNoneIsJudgedTwice() {
    StoredPolicy policy = get(store.define(policy("p"), NOW));
    int runs = PolicyRows.MOST_PEERS + 10;
    List<CompletionStage<Optional<Decision>>> decisions = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      store.append("run-" + run, List.of(scored(1, 0.5)), NOW);
      decisions.add(
          store.decide(policy, standing("run-" + run, 1, 1 - run * 1e-6), NOW.plusMillis(run)));
    }
    assertThat(get(decisions.get(runs - 1)).orElseThrow().verdict().peers())
        .isBetween(PolicyRows.MOST_PEERS, runs - 1);
    // Of these both had somebody to be compared with.
    assertThat(decide(policy, standing("run-2", 1, 0.1))).isEmpty();
    assertThat(decide(policy, standing("run-" + (runs - 1), 1, 0.1))).isEmpty();
  }

  @Test
  void decisionsGoWithTheirRun() {
    StoredPolicy policy = get(store.define(policy("p"), NOW));
    append("a", scored(1, 0.5));
    append("b", scored(1, 0.5));
    decide(policy, standing("a", 1, 0.5));
    get(store.delete("a"));
    assertThat(get(store.decisionsOfPolicy("p", Optional.empty(), 9))).isEmpty();
    append("a", scored(1, 0.5));
    assertThat(get(store.decisionsOfRun("a", 1, 9))).isEmpty();
    assertThat(decide(policy, standing("b", 1, 0.5)).orElseThrow().verdict().peers()).isZero();
  }

  private Appended append(String run, Observation... observations) {
    return get(store.append(run, List.of(observations), NOW));
  }

  private List<Observation> all(String run) {
    return page(run, Optional.empty(), 1000).items();
  }

  private Page<Observation> page(String run, Optional<Observation.Key> after, int limit) {
    return get(store.observations(new ObservationQuery(run, ObservationFilter.ALL, after, limit)))
        .orElseThrow();
  }

  private List<Observation> filtered(Optional<String> layer, Optional<String> reference) {
    return filtered(ObservationFilter.ALL.of(layer, reference));
  }

  private List<Observation> filtered(ObservationFilter filter) {
    return get(store.observations(new ObservationQuery("a", filter, Optional.empty(), 10)))
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
