package dev.latentgauge.collector.store;

import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.run.RunListener;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A store that forgets everything when the process ends.
 *
 * <p>One lock guards it all: a change takes microseconds, a page at worst a walk over the
 * observations of one run. Stages are complete when they are returned.
 */
public final class MemoryStore implements Store {

  private final Capacity capacity;
  private final RunListener listener;
  private final NavigableMap<String, Entry> entries = new TreeMap<>();
  private int live;
  private int series;
  private int stored;

  /** A run and its observations. */
  private static final class Entry {
    Run run;
    final NavigableMap<Observation.Key, Observation> observations =
        new TreeMap<>(ObservationQuery.ORDER);

    Entry(Run run) {
      this.run = run;
    }
  }

  /**
   * An empty store.
   *
   * @param capacity how much it may hold
   * @param listener hears of every change
   */
  public MemoryStore(Capacity capacity, RunListener listener) {
    this.capacity = capacity;
    this.listener = listener;
  }

  @Override
  public CompletionStage<Run> register(RunInfo info, Instant now) {
    return locked(
        () -> {
          Entry entry = entryOrNew(info, now);
          requireCurrent(info.attempt(), entry.run);
          requireSameStart(info, entry.run.info());
          return commit(entry, entry.run.with(info), Map.of());
        });
  }

  @Override
  public CompletionStage<Appended> append(String run, List<Observation> observations, Instant now) {
    return locked(
        () -> {
          Entry entry = entryOrNew(RunInfo.named(run), now);
          Map<Observation.Key, Observation> fresh = fresh(entry, observations);
          Run changed = commit(entry, entry.run.observed(fresh.values()), fresh);
          return new Appended(
              fresh.size(), observations.size() - fresh.size(), changed.directive());
        });
  }

  /** The entry of a run; a new one is listed only when it is committed. */
  private Entry entryOrNew(RunInfo info, Instant now) {
    return entry(info.name()).orElseGet(() -> new Entry(Run.registered(info, now)));
  }

  /** Two trainings of one attempt would mix their histories. */
  private static void requireSameStart(RunInfo info, RunInfo known) {
    boolean another =
        info.attempt() == known.attempt()
            && info.startedAt().isPresent()
            && known.startedAt().isPresent()
            && !info.startedAt().equals(known.startedAt());
    if (another) {
      throw ConflictException.otherStart(
          known, known.startedAt().orElseThrow(), info.startedAt().orElseThrow());
    }
  }

  /** The observations of a batch that are not there yet. */
  private static Map<Observation.Key, Observation> fresh(Entry entry, List<Observation> batch) {
    Map<Observation.Key, Observation> fresh = new LinkedHashMap<>();
    for (Observation observation : batch) {
      Observation.Key key = observation.key();
      Observation known = entry.observations.get(key);
      Observation before = known == null ? fresh.putIfAbsent(key, observation) : known;
      if (before != null && !before.equals(observation)) {
        throw ConflictException.otherContent(entry.run.name(), key);
      }
    }
    return fresh;
  }

  @Override
  public CompletionStage<Optional<Run>> end(String run, RunEnd end, Instant now) {
    return locked(
        () ->
            entry(run)
                .map(
                    entry -> {
                      requireCurrent(end.attempt().orElse(entry.run.attempt()), entry.run);
                      return commit(entry, entry.run.ended(end, now), Map.of());
                    }));
  }

  @Override
  public CompletionStage<Optional<Run>> direct(String run, Directive directive) {
    return locked(
        () ->
            entry(run)
                .map(
                    entry -> {
                      if (!entry.run.live()) {
                        throw ConflictException.ended(entry.run);
                      }
                      return commit(entry, entry.run.directed(directive), Map.of());
                    }));
  }

  private static void requireCurrent(int attempt, Run run) {
    if (attempt < run.attempt()) {
      throw ConflictException.olderAttempt(run.name(), attempt, run.attempt());
    }
  }

  @Override
  public CompletionStage<Boolean> delete(String run) {
    return locked(
        () -> {
          Entry entry = entries.remove(run);
          if (entry == null) {
            return false;
          }
          live -= entry.run.live() ? 1 : 0;
          series -= entry.run.series().size();
          stored -= entry.observations.size();
          listener.deleted(run);
          return true;
        });
  }

  /** Makes a change if there is room for it; an entry that is not listed yet becomes so. */
  private Run commit(Entry entry, Run changed, Map<Observation.Key, Observation> fresh) {
    boolean isNew = !entries.containsKey(changed.name());
    int begins = changed.live() && (isNew || !entry.run.live()) ? 1 : 0;
    int ends = !changed.live() && entry.run.live() ? 1 : 0;
    int newSeries = changed.series().size() - entry.run.series().size();
    requireRoomForRun(isNew, begins);
    requireRoomForSeries(newSeries, changed);
    requireRoomFor(fresh.size(), entry);
    entry.run = changed;
    entry.observations.putAll(fresh);
    entries.put(changed.name(), entry);
    live += begins - ends;
    series += newSeries;
    stored += fresh.size();
    listener.changed(changed);
    return changed;
  }

  private void requireRoomForRun(boolean isNew, int begins) {
    if (live + begins > capacity.liveRuns()) {
      throw new CapacityException(
          CapacityException.Limit.LIVE_RUNS,
          "live runs must be at most "
              + capacity.liveRuns()
              + ", and as many are live: end or delete some");
    }
    if (isNew && entries.size() >= capacity.runs()) {
      throw new CapacityException(
          CapacityException.Limit.SPACE,
          "runs in memory must be at most "
              + capacity.runs()
              + ", and as many are stored: delete some");
    }
  }

  private void requireRoomForSeries(int more, Run changed) {
    if (more > 0 && changed.series().size() > capacity.seriesPerRun()) {
      throw new CapacityException(
          CapacityException.Limit.SERIES_OF_RUN,
          "series of a run, each a layer and a reference, must be at most "
              + capacity.seriesPerRun()
              + ", but the run "
              + changed.name()
              + " would have "
              + changed.series().size());
    }
    if (more > 0 && series + more > capacity.series()) {
      throw new CapacityException(
          CapacityException.Limit.SPACE,
          "series in memory must be at most "
              + capacity.series()
              + ", and "
              + series
              + " are stored: delete runs");
    }
  }

  private void requireRoomFor(int fresh, Entry entry) {
    if (entry.observations.size() + fresh > capacity.observationsPerRun()) {
      throw new CapacityException(
          CapacityException.Limit.SPACE,
          "observations of a run in memory must be at most "
              + capacity.observationsPerRun()
              + ", and the run "
              + entry.run.name()
              + " has "
              + entry.observations.size());
    }
    if (stored + fresh > capacity.observations()) {
      throw new CapacityException(
          CapacityException.Limit.SPACE,
          "observations in memory must be at most "
              + capacity.observations()
              + ", and "
              + stored
              + " are stored: delete runs");
    }
  }

  @Override
  public CompletionStage<Optional<Run>> find(String run) {
    return locked(() -> entry(run).map(entry -> entry.run));
  }

  @Override
  public CompletionStage<Page<Run>> runs(Optional<String> after, int limit) {
    return locked(
        () ->
            page(
                after.map(name -> entries.tailMap(name, false)).orElse(entries).values(),
                entry -> entry.run,
                limit));
  }

  @Override
  public CompletionStage<Optional<Page<Observation>>> observations(ObservationQuery query) {
    return locked(() -> entry(query.run()).map(entry -> page(entry.observations, query)));
  }

  @Override
  public CompletionStage<Optional<Observation>> observation(String run, Observation.Key key) {
    return locked(
        () -> entry(run).flatMap(entry -> Optional.ofNullable(entry.observations.get(key))));
  }

  private static Page<Observation> page(
      NavigableMap<Observation.Key, Observation> all, ObservationQuery query) {
    Iterable<Observation> matching =
        () ->
            query.after().map(key -> all.tailMap(key, false)).orElse(all).values().stream()
                .filter(observation -> query.matches(observation.key()))
                .iterator();
    return page(matching, Function.identity(), query.limit());
  }

  private static <S, T> Page<T> page(Iterable<S> source, Function<S, T> map, int limit) {
    List<T> items = new ArrayList<>();
    for (S item : source) {
      if (items.size() == limit) {
        return new Page<>(items, true);
      }
      items.add(map.apply(item));
    }
    return new Page<>(items, false);
  }

  private Optional<Entry> entry(String run) {
    return Optional.ofNullable(entries.get(run));
  }

  private synchronized <T> CompletionStage<T> locked(Supplier<T> work) {
    try {
      return CompletableFuture.completedFuture(work.get());
    } catch (ConflictException | CapacityException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** There is nothing to let go of. */
  @Override
  public void close() {}
}
