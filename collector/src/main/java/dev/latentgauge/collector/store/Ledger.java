package dev.latentgauge.collector.store;

import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.run.Series;
import dev.latentgauge.collector.run.SeriesState;
import dev.latentgauge.observation.Observation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What a group of changes comes to, decided in memory.
 *
 * <p>It is filled with what the database has of the runs in question; then changes are decided one
 * after the other, each seeing those before it; then all that they staged is written in one
 * transaction. So the rules are written once for every database, and a thousand changes cost few
 * statements. Not thread-safe.
 */
final class Ledger {

  private final Capacity capacity;
  private final RandomGenerator random;
  private final Map<String, StoredRun> before;
  private final Map<String, StoredRun> runs;
  private final Map<Long, Map<Observation.Key, String>> known = new HashMap<>();
  private final Map<Long, List<Change.Written>> added = new LinkedHashMap<>();
  private final Map<Long, Map<SketchKey, Change.Sketched>> knownSketches = new HashMap<>();
  private final Map<Long, Map<SketchKey, Change.WrittenSketch>> sketches = new LinkedHashMap<>();
  private final Map<Change.Checkpoint, Map<Long, Change.Peer>> peers = new HashMap<>();
  private final List<Decided> decisions = new ArrayList<>();
  private final Set<String> changed = new LinkedHashSet<>();
  private final Set<Long> deleted = new LinkedHashSet<>();
  private final List<News> news = new ArrayList<>();
  private Books books;

  /**
   * A ledger.
   *
   * @param runs the runs in question that the database has, by name
   * @param books what the database holds
   * @param random makes the numbers of new runs
   */
  Ledger(Capacity capacity, Map<String, StoredRun> runs, Books books, RandomGenerator random) {
    this.capacity = capacity;
    this.before = Map.copyOf(runs);
    this.runs = new HashMap<>(runs);
    this.books = books;
    this.random = random;
  }

  /**
   * Of the observations that are to be added, those that the database may have already. The rest
   * lies beyond the newest of its series, where nothing can be.
   */
  Map<Long, Set<Observation.Key>> inQuestion(Change<?> change) {
    StoredRun stored = runs.get(change.run());
    if (stored == null) {
      return Map.of();
    }
    Set<Observation.Key> keys = new LinkedHashSet<>();
    for (Change.Written written : change.observations()) {
      Observation.Key key = written.observation().key();
      SeriesState state = stored.run().series().get(Series.of(key));
      if (state != null && !isBeyond(key, state.latest().key())) {
        keys.add(key);
      }
    }
    return keys.isEmpty() ? Map.of() : Map.of(stored.id(), keys);
  }

  /** Of the sketches that are to be added, those that the database may have already. */
  Map<Long, SketchKey> sketchInQuestion(Change<?> change) {
    StoredRun stored = runs.get(change.run());
    return stored == null || stored.sketches() == 0 || change.sketch().isEmpty()
        ? Map.of()
        : Map.of(stored.id(), change.sketch().get());
  }

  private static boolean isBeyond(Observation.Key key, Observation.Key latest) {
    return key.attempt() > latest.attempt()
        || (key.attempt() == latest.attempt() && key.step() > latest.step());
  }

  /** Takes note of an observation that the database has. */
  void known(long run, Observation.Key key, String document) {
    known.computeIfAbsent(run, id -> new HashMap<>()).put(key, document);
  }

  /** Takes note of a sketch that the database has. */
  void known(long run, SketchKey key, Change.Sketched sketch) {
    knownSketches.computeIfAbsent(run, id -> new HashMap<>()).put(key, sketch);
  }

  /** Takes note of how runs stood at a checkpoint of a policy that is there. */
  void peers(Change.Checkpoint checkpoint, Map<Long, Change.Peer> standings) {
    peers.put(checkpoint, standings);
  }

  /** How runs stood at a checkpoint, by their number; empty if the policy is not there. */
  Optional<Map<Long, Change.Peer>> peers(Change.Checkpoint checkpoint) {
    return Optional.ofNullable(peers.get(checkpoint));
  }

  /** The run as it is after the changes so far. */
  Optional<StoredRun> find(String name) {
    return Optional.ofNullable(runs.get(name));
  }

  /** A run that is in nobody's books yet. */
  StoredRun unsaved(Run run) {
    return StoredRun.unsaved(random.nextLong(1, Long.MAX_VALUE), run);
  }

  /** The document under a key. */
  Optional<String> known(StoredRun run, Observation.Key key) {
    return Optional.ofNullable(known.getOrDefault(run.id(), Map.of()).get(key));
  }

  /** What is kept of a sketch. */
  Optional<Change.Sketched> known(StoredRun run, SketchKey key) {
    return Optional.ofNullable(knownSketches.getOrDefault(run.id(), Map.of()).get(key));
  }

  /**
   * Stages a change if there is room for it.
   *
   * @param from the run before, which may be unsaved
   * @param after the run after
   * @param fresh the observations that it has more
   */
  Run commit(StoredRun from, Run after, List<Change.Written> fresh) {
    long bytes = fresh.stream().mapToLong(written -> StoredRun.bytes(written.document())).sum();
    StoredRun to = from.changed(after, bytes);
    stage(from, to);
    for (Change.Written written : fresh) {
      known(to.id(), written.observation().key(), written.document());
      added.computeIfAbsent(to.id(), id -> new ArrayList<>()).add(written);
    }
    books = books.accepting(fresh.size());
    news.add(new News.Changed(after));
    return after;
  }

  /**
   * Stages a sketch, in place of the one that is there, if there is room for it.
   *
   * @param from the run before, which may be unsaved
   * @param after the run after
   */
  Run commit(StoredRun from, Run after, Change.WrittenSketch written) {
    SketchReport report = written.report();
    Optional<Change.Sketched> before = known(from, report.key());
    long bytes = StoredRun.bytes(written.sketched()) - before.map(StoredRun::bytes).orElse(0L);
    StoredRun to = from.changed(after, 0).sketched(before.isPresent() ? 0 : 1, bytes);
    stage(from, to);
    known(to.id(), report.key(), written.sketched());
    sketches.computeIfAbsent(to.id(), id -> new LinkedHashMap<>()).put(report.key(), written);
    news.add(new News.Changed(after));
    news.add(new News.Sketched(after.name(), report.key(), report.step()));
    return after;
  }

  /**
   * Stages a decision.
   *
   * @param from the run before
   * @param after the run after
   */
  void commit(StoredRun from, Run after, Change.Checkpoint checkpoint, Decision decision) {
    StoredRun to = from.changed(after, 0);
    stage(from, to);
    Standing standing = decision.standing();
    peers
        .computeIfAbsent(checkpoint, at -> new HashMap<>())
        .put(
            to.id(),
            new Change.Peer(
                standing.attempt(), standing.value(), decision.verdict().isUndecided()));
    decisions.add(new Decided(checkpoint.policy(), to.id(), decision));
    if (!after.equals(from.run())) {
      news.add(new News.Changed(after));
    }
  }

  private void stage(StoredRun from, StoredRun to) {
    String name = to.run().name();
    boolean isNew = !runs.containsKey(name);
    Totals then = totals().minus(isNew ? Totals.NONE : Totals.of(from)).plus(Totals.of(to));
    requireRoom(then, from.run(), to.run());
    requireRoomForSketches(then, from, to);
    books = books.with(then);
    runs.put(name, to);
    changed.add(name);
  }

  private void requireRoomForSketches(Totals then, StoredRun from, StoredRun to) {
    if (to.sketches() > Math.max(from.sketches(), capacity.seriesPerRun())) {
      throw CapacityException.sketchesOfRun(
          capacity.seriesPerRun(), to.run().name(), to.sketches());
    }
    if (to.sketchBytes() > from.sketchBytes() && then.bytes() > capacity.bytes()) {
      throw CapacityException.bytes(capacity.bytes());
    }
  }

  /** What does not grow is never refused. */
  private void requireRoom(Totals then, Run from, Run to) {
    Totals totals = totals();
    if (then.liveRuns() > Math.max(totals.liveRuns(), capacity.liveRuns())) {
      throw CapacityException.liveRuns(capacity.liveRuns());
    }
    if (to.series().size() > Math.max(from.series().size(), capacity.seriesPerRun())) {
      throw CapacityException.seriesOfRun(capacity.seriesPerRun(), to.name(), to.series().size());
    }
    if (then.liveSeries() > Math.max(totals.liveSeries(), capacity.liveSeries())) {
      throw CapacityException.liveSeries(capacity.liveSeries(), totals.liveSeries());
    }
    if (to.observations() > Math.max(from.observations(), capacity.observationsPerRun())) {
      throw CapacityException.observationsOfRun(
          capacity.observationsPerRun(), to.name(), to.observations());
    }
    boolean adds = then.observations() > totals.observations() || then.runs() > totals.runs();
    if (adds && then.bytes() > capacity.bytes()) {
      throw CapacityException.bytes(capacity.bytes());
    }
  }

  /** Stages a deletion. */
  void delete(StoredRun run) {
    String name = run.run().name();
    runs.remove(name);
    changed.remove(name);
    added.remove(run.id());
    known.remove(run.id());
    sketches.remove(run.id());
    knownSketches.remove(run.id());
    decisions.removeIf(decided -> decided.run() == run.id());
    peers.values().forEach(standings -> standings.remove(run.id()));
    StoredRun saved = before.get(name);
    if (saved != null && saved.id() == run.id()) {
      deleted.add(run.id());
    }
    books = books.with(totals().minus(Totals.of(run)));
    news.add(new News.Deleted(name));
  }

  /** Stages the deletion of a run that is too old, or for which there is no room. */
  void expire(StoredRun run) {
    delete(run);
    books = books.expiring();
  }

  /** Numbers of runs whose rows go. */
  Set<Long> deleted() {
    return deleted;
  }

  /**
   * A run to be written.
   *
   * @param before as the database has it; empty if it is new there
   * @param after as it shall be
   */
  record ToWrite(Optional<StoredRun> before, StoredRun after) {}

  /** Runs to be written. */
  List<ToWrite> changed() {
    return changed.stream()
        .map(this::find)
        .flatMap(Optional::stream)
        .map(
            after ->
                new ToWrite(
                    Optional.ofNullable(before.get(after.run().name()))
                        .filter(saved -> saved.id() == after.id()),
                    after))
        .toList();
  }

  /** Observations to be written, by the number of their run. */
  Map<Long, List<Change.Written>> added() {
    return added;
  }

  /** Sketches to be written, by the number of their run. */
  Map<Long, Map<SketchKey, Change.WrittenSketch>> sketches() {
    return sketches;
  }

  /**
   * A decision to be written.
   *
   * @param policy the number of the policy
   * @param run the number of the run
   */
  record Decided(long policy, long run, Decision decision) {}

  /** Decisions to be written. */
  List<Decided> decisions() {
    return decisions;
  }

  /** What the database holds when all is written. */
  Books books() {
    return books.changed(newest().size());
  }

  private Totals totals() {
    return books.totals();
  }

  /** Whether there is anything to write. */
  boolean writes() {
    return !(deleted.isEmpty() && changed.isEmpty());
  }

  /** What is to be told when all is written, in its order. */
  List<News> news() {
    return news;
  }

  /** The last news of each subject, in their order: what others are to hear. */
  Collection<News> newest() {
    Map<News.Subject, News> newest = new LinkedHashMap<>();
    for (News one : news) {
      if (one instanceof News.Deleted) {
        newest.remove(new News.OfRun(one.subject().run()));
      }
      newest.remove(one.subject());
      newest.put(one.subject(), one);
    }
    return newest.values();
  }
}
