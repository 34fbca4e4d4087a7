package dev.latentgauge.collector.store;

import com.zaxxer.hikari.HikariDataSource;
import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.run.RunListener;
import dev.latentgauge.collector.time.Durations;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.relative.Sketch;
import dev.latentgauge.stopping.StopPolicy;
import dev.latentgauge.stopping.Verdict;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * A store in a database.
 *
 * <p>Changes go through {@link GroupCommit}. Reads happen on the thread of the caller, which they
 * may block for milliseconds, and see what was committed.
 */
public final class SqlStore implements Store {

  /** How many observations of deleted runs go in one transaction, which others wait for. */
  private static final int TIDIED_AT_ONCE = 2000;

  private static final int MOST_ATTEMPTS = 1000;

  /** Some 5 MB of JSON. */
  private static final int TREND_POINTS_AT_ONCE = 200_000;

  private final Database database;
  private final HikariDataSource source;
  private final Jdbi readers;
  private final Durations times = new Durations();
  private final RandomGenerator numbers = new SecureRandom();
  private final GroupCommit writer;

  private SqlStore(
      Database database,
      Capacity capacity,
      RunListener listener,
      Supplier<Instant> endedAfter,
      InstantSource stopwatch) {
    this.database = database;
    this.source = database.openReaders();
    this.readers = Jdbi.create(source);
    this.writer = new GroupCommit(database, capacity, listener, endedAfter, times, stopwatch);
  }

  /**
   * Opens a store. The listener hears of the runs that are live, or have not ended long ago, before
   * this returns.
   *
   * @param database where it is
   * @param capacity how much it may hold
   * @param listener hears of every change
   * @param endedAfter since when a run must have ended for the listener to hear of it when it is
   *     told how everything is, which happens again if it was cut off for long
   * @param stopwatch times the commits
   * @return the store
   * @throws IOException if the database cannot be used: it is damaged, out of reach, or was written
   *     by a later version; the message says which
   */
  public static SqlStore open(
      Database database,
      Capacity capacity,
      RunListener listener,
      Supplier<Instant> endedAfter,
      InstantSource stopwatch)
      throws IOException {
    database.prepare();
    SqlStore store = new SqlStore(database, capacity, listener, endedAfter, stopwatch);
    try {
      store.writer.connect();
      store.writer.start();
      return store;
    } catch (RuntimeException | Error e) {
      store.source.close();
      store.writer.disconnect();
      throw new IOException(
          "cannot use " + database.description() + ": " + Database.firstLine(e), e);
    }
  }

  /** What is done with a run, such as writing its document, must not be done on the one thread. */
  private static <T> CompletionStage<T> elsewhere(CompletionStage<T> stage) {
    return stage.thenApplyAsync(Function.identity());
  }

  @Override
  public CompletionStage<Run> register(RunInfo info, Instant now) {
    return elsewhere(writer.submit(new Changes.Register(info, now)));
  }

  @Override
  public CompletionStage<Appended> append(String run, List<Observation> observations, Instant now) {
    return writer.submit(Changes.Append.of(run, observations, now));
  }

  @Override
  public CompletionStage<KeptSketch> keep(String run, SketchReport report, Instant now) {
    return writer.submit(Changes.Keep.of(run, report, now));
  }

  @Override
  public CompletionStage<Optional<Run>> end(String run, RunEnd end, Instant now) {
    return elsewhere(writer.submit(new Changes.End(run, end, now)));
  }

  @Override
  public CompletionStage<Optional<Run>> direct(String run, Directive directive) {
    return elsewhere(writer.submit(new Changes.Direct(run, directive)));
  }

  @Override
  public CompletionStage<Optional<Decision>> decide(
      StoredPolicy policy, Standing standing, Instant now) {
    return elsewhere(writer.submit(new Changes.Decide(policy, standing, now)));
  }

  @Override
  public CompletionStage<StoredPolicy> define(StopPolicy policy, Instant now) {
    long id = numbers.nextLong(1, Long.MAX_VALUE);
    return elsewhere(writer.submit(handle -> PolicyRows.define(handle, id, policy, now), true));
  }

  @Override
  public CompletionStage<List<StoredPolicy>> policies() {
    return reading(PolicyRows::all);
  }

  @Override
  public CompletionStage<Boolean> deletePolicy(String policy) {
    return elsewhere(writer.submit(handle -> PolicyRows.delete(handle, policy), true));
  }

  @Override
  public CompletionStage<List<Decision>> decisionsOfRun(String run, int attempt, int limit) {
    return reading(handle -> PolicyRows.ofRun(handle, run, attempt, limit));
  }

  @Override
  public CompletionStage<List<Decision>> decisionsOfPolicy(
      String policy, Optional<Verdict.Action> action, int limit) {
    return reading(handle -> PolicyRows.ofPolicy(handle, policy, action, limit));
  }

  @Override
  public CompletionStage<Boolean> lose(String run, Instant heardAt, Instant now) {
    return writer.submit(new Changes.Lose(run, heardAt, now));
  }

  @Override
  public CompletionStage<Boolean> delete(String run) {
    return writer.submit(new Changes.Delete(run, Optional.empty()));
  }

  @Override
  public CompletionStage<Boolean> expire(EndedRun run) {
    return writer.submit(new Changes.Delete(run.name(), Optional.of(run.endedAt())));
  }

  @Override
  public CompletionStage<Boolean> tidy() {
    return writer.submit(
        handle -> {
          boolean more = ObservationRows.deleteSome(handle, TIDIED_AT_ONCE);
          writer.forgetChanges(handle);
          database.shrink(handle);
          return more;
        },
        false);
  }

  @Override
  public CompletionStage<Optional<Run>> find(String run) {
    return reading(
        handle ->
            Optional.ofNullable(
                    RunRows.find(handle, List.of(run), (id, version) -> Optional.empty()).get(run))
                .map(StoredRun::run));
  }

  @Override
  public CompletionStage<Page<Run>> runs(RunQuery query) {
    return reading(
        handle ->
            page(RunRows.find(handle, query).stream().map(StoredRun::run).toList(), query.limit()));
  }

  @Override
  public CompletionStage<List<EndedRun>> firstEnded(int limit) {
    return reading(handle -> RunRows.findEnded(handle, limit));
  }

  @Override
  public CompletionStage<Optional<Page<Observation>>> observations(ObservationQuery query) {
    return reading(
        handle ->
            RunRows.id(handle, query.run())
                .map(run -> page(ObservationRows.find(handle, run, query), query.limit())));
  }

  @Override
  public CompletionStage<Optional<List<Observation>>> thinned(
      String run, ObservationFilter filter, int points) {
    return reading(
        handle ->
            RunRows.id(handle, run)
                .map(id -> ThinnedRows.find(handle, id, filter, database.score(), points)));
  }

  @Override
  public CompletionStage<Optional<List<Attempt>>> attempts(String run) {
    return reading(
        handle ->
            RunRows.id(handle, run).map(id -> ObservationRows.attempts(handle, id, MOST_ATTEMPTS)));
  }

  @Override
  public CompletionStage<Page<RunTrends>> trends(RunQuery query, int points) {
    return reading(
        handle -> {
          Page<StoredRun> runs = page(RunRows.find(handle, query), query.limit());
          List<StoredRun> some = runs.items().subList(0, atOnce(runs.items(), points));
          List<RunTrends> trends = new TrendRows(handle, database.score(), points).find(some);
          return new Page<>(trends, runs.more() || some.size() < runs.items().size());
        });
  }

  /** How many of some runs have few enough points together; at least one. */
  private static int atOnce(List<StoredRun> runs, int points) {
    int count = 0;
    long together = 0;
    for (StoredRun run : runs) {
      together += (long) points * run.run().series().size();
      if (count > 0 && together > TREND_POINTS_AT_ONCE) {
        break;
      }
      count++;
    }
    return count;
  }

  @Override
  public CompletionStage<Optional<Observation>> observation(String run, Observation.Key key) {
    return reading(handle -> ObservationRows.find(handle, run, key));
  }

  @Override
  public CompletionStage<List<SketchGroup>> sketchGroups(SketchQuery query) {
    return reading(handle -> SketchRows.groups(handle, query));
  }

  @Override
  public CompletionStage<List<StoredSketch>> sketches(SketchQuery query, int limit) {
    return reading(handle -> SketchRows.find(handle, query, limit));
  }

  @Override
  public CompletionStage<Map<StoredSketch, Sketch>> sketchContents(SketchQuery query, int limit) {
    return reading(handle -> SketchRows.findWithContent(handle, query, limit));
  }

  /** Makes a page of what may be one more than is wanted. */
  private static <T> Page<T> page(List<T> found, int limit) {
    return new Page<>(found.subList(0, Math.min(limit, found.size())), found.size() > limit);
  }

  @Override
  public CompletionStage<Boolean> follow() {
    return writer.follow();
  }

  @Override
  public Optional<ReferenceFiles> sharedReferences() {
    return database.isShared()
        ? Optional.of(new ReferenceFiles(database, this::readOrReconnect))
        : Optional.empty();
  }

  @Override
  public Totals totals() {
    return writer.books().totals();
  }

  @Override
  public long accepted() {
    return writer.books().accepted();
  }

  @Override
  public long expired() {
    return writer.books().expired();
  }

  @Override
  public int waiting() {
    return writer.waiting();
  }

  @Override
  public Durations commits() {
    return times;
  }

  @Override
  public CompletionStage<Boolean> probe() {
    return writer.submit(
        handle ->
            handle.execute(
                    "insert into probe (id, number) values (1, 1)"
                        + " on conflict (id) do update set number = probe.number + 1")
                > 0,
        true);
  }

  @Override
  public Optional<StoreException> trouble() {
    return writer.trouble();
  }

  private <T> CompletionStage<T> reading(Function<Handle, T> query) {
    try {
      return CompletableFuture.completedFuture(readOrReconnect(query));
    } catch (StoreException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** A connection may have broken while nobody used it, which is no reason to fail. */
  private <T> T readOrReconnect(Function<Handle, T> query) {
    try {
      return read(query);
    } catch (StoreException e) {
      if (e.kind() != StoreException.Kind.UNAVAILABLE) {
        throw e;
      }
      // The others have broken with it, and would be tried one after the other.
      source.getHikariPoolMXBean().softEvictConnections();
      return read(query);
    }
  }

  /** What is read in several statements is of one moment. */
  private <T> T read(Function<Handle, T> query) {
    try {
      return readers.inTransaction(handle -> query.apply(handle));
    } catch (RuntimeException e) {
      throw GroupCommit.sqlCause(e).<RuntimeException>map(database::translated).orElse(e);
    }
  }

  @Override
  public void close() {
    writer.close();
    source.close();
  }
}
