package dev.latentgauge.collector.store;

import dev.latentgauge.collector.run.RunListener;
import dev.latentgauge.collector.time.Durations;
import dev.latentgauge.observation.Observation;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes changes durable, many at a time, and hears of those that other collectors make.
 *
 * <p>To force a commit to the disk costs as much for a thousand changes as for one. So there is one
 * thread that takes whatever has come in while it was busy, decides it in a {@link Ledger}, writes
 * it in one transaction, tells the listener, and only then completes the stages. Under load groups
 * grow by themselves; without load a change is alone and waits for nobody.
 *
 * <p>Each transaction begins by locking the {@link Books}, which number the changes of all
 * collectors in one order. What came before its own changes and was not told yet is told before
 * them, outside of the lock, and as the runs are by then; {@link #follow} does so where there is
 * nothing to change. So listeners hear of all changes in their order, whoever made them.
 *
 * <p>A change that is refused leaves the others of its group as they are. If the database fails,
 * the whole group fails and nothing of it was made; the one exception is a connection that breaks
 * during the commit, after which nobody knows. Then the group is not tried again here, since those
 * who sent it will do so; what was made of it is heard of as if another collector had made it.
 */
final class GroupCommit implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

  /** More waiting changes than this are not taken. */
  private static final int LONGEST_QUEUE = 20_000;

  /** A commit that takes longer is not expected to end well. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int LARGEST_GROUP = 1000;
  private static final int MOST_OBSERVATIONS = 20_000;

  /** Who has not heard of more changes than this is told anew how everything is. */
  private static final int MOST_REMEMBERED = 100_000;

  /**
   * Where nobody else changes anything, the list tells what became of a commit without an answer.
   */
  private static final int MOST_REMEMBERED_ALONE = 1_000;

  private final Database database;
  private final Capacity capacity;
  private final Durations times;
  private final InstantSource stopwatch;
  private final RandomGenerator random = new SecureRandom();
  private final BlockingQueue<Task> queue = new ArrayBlockingQueue<>(LONGEST_QUEUE);
  private final RunCache cache = new RunCache();
  private final Announcer announcer;
  private final Thread thread = new Thread(this::work, "history");
  private volatile Books books = Books.NONE;
  private volatile Optional<StoreException> trouble = Optional.empty();
  private volatile @Nullable Instant busySince;

  private boolean closing;

  // These belong to the thread, once it has begun.
  private @Nullable Handle handle;
  private boolean isCommitting;

  /** What is done between two commits. */
  private interface Transaction {
    void in(Handle handle) throws SQLException;
  }

  /**
   * A writer that is not connected.
   *
   * @param endedAfter since when a run must have ended to be told of when all is told anew
   */
  GroupCommit(
      Database database,
      Capacity capacity,
      RunListener listener,
      Supplier<Instant> endedAfter,
      Durations times,
      InstantSource stopwatch) {
    this.database = database;
    this.capacity = capacity;
    this.times = times;
    this.stopwatch = stopwatch;
    this.announcer = new Announcer(database, cache, listener, endedAfter);
    thread.setDaemon(true);
  }

  /** Connects to a database that is ready, and tells how everything is. */
  void connect() {
    try {
      books = announcer.tellAnew(handle());
    } catch (RuntimeException | SQLException e) {
      disconnect();
      throw e instanceof RuntimeException known ? known : database.translated((SQLException) e);
    }
  }

  /** Begins to take changes. */
  void start() {
    thread.start();
  }

  /** Puts a change into a group. */
  <T> CompletionStage<T> submit(Change<T> change) {
    Task.Grouped<T> task = new Task.Grouped<>(change, new CompletableFuture<>());
    enqueue(task);
    return task.result();
  }

  /**
   * Does something in a transaction of its own.
   *
   * @param writes whether it writes in any case, which shows that this can be done
   */
  <T> CompletionStage<T> submit(Function<Handle, T> work, boolean writes) {
    return submitAlone(
        handle -> {
          lockBooks(handle);
          return work.apply(handle);
        },
        writes);
  }

  /** Tells of what other collectors have changed by now; nothing if there can be no others. */
  CompletionStage<Boolean> follow() {
    return database.isShared()
        ? submitAlone(handle -> BookRows.read(handle).changes() >= 0, false)
            .thenApply(followed -> requireUpToDate())
        : CompletableFuture.completedStage(true);
  }

  private boolean requireUpToDate() {
    if (announcer.isBehind()) {
      throw behind();
    }
    return true;
  }

  private static StoreException behind() {
    return new StoreException(
        StoreException.Kind.UNAVAILABLE,
        "what was changed in the history cannot be read, see the log of the collector");
  }

  /** Forgets what is so long ago that nobody will ask for it. */
  void forgetChanges(Handle handle) {
    BookRows.forget(handle, database.isShared() ? MOST_REMEMBERED : MOST_REMEMBERED_ALONE);
  }

  private <T> CompletionStage<T> submitAlone(Function<Handle, T> work, boolean writes) {
    Task.Alone<T> task = new Task.Alone<>(work, writes, new CompletableFuture<>());
    enqueue(task);
    return task.result();
  }

  private void enqueue(Task task) {
    if (!offer(task)) {
      task.result()
          .completeExceptionally(
              new StoreException(
                  StoreException.Kind.BUSY,
                  "changes that wait must be at most "
                      + LONGEST_QUEUE
                      + ", or the collector is shutting down: try again later"));
    }
  }

  private synchronized boolean offer(Task task) {
    return !closing && queue.offer(task);
  }

  /** How many changes wait. */
  int waiting() {
    return queue.size();
  }

  /** What the history came to when it was last changed or followed. */
  Books books() {
    return books;
  }

  /** What went wrong when it was last tried to write, or that it takes too long. */
  Optional<StoreException> trouble() {
    @Nullable Instant since = busySince;
    boolean hangs = since != null && !stopwatch.instant().isBefore(since.plus(PATIENCE));
    return hangs
        ? Optional.of(
            new StoreException(
                StoreException.Kind.UNAVAILABLE,
                "the history has not answered for " + PATIENCE.toSeconds() + " s"))
        : trouble.or(() -> announcer.isBehind() ? Optional.of(behind()) : Optional.empty());
  }

  private void work() {
    List<Task> group = new ArrayList<>();
    do {
      group.clear();
      gather(group);
      busySince = stopwatch.instant();
      try {
        doAll(group);
      } catch (Throwable failure) { // such as OutOfMemoryError; without this thread nothing goes on
        LOG.error("changes failed", failure);
        group.forEach(task -> task.result().completeExceptionally(failure));
      } finally {
        busySince = null;
      }
    } while (!isOver());
    disconnect();
  }

  private synchronized boolean isOver() {
    return closing && queue.isEmpty();
  }

  /** Waits for something to do, and takes all that may go with it. */
  private void gather(List<Task> group) {
    Task next = take();
    int observations = 0;
    while (next != null) {
      group.add(next);
      observations += next.weight();
      next = group.size() < LARGEST_GROUP && observations < MOST_OBSERVATIONS ? queue.poll() : null;
    }
  }

  private @Nullable Task take() {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      return null; // Nobody has a reason to.
    }
  }

  /** Changes in a row are a group; what is done alone parts them. */
  private void doAll(List<Task> tasks) {
    List<Task.Grouped<?>> group = new ArrayList<>();
    for (Task task : tasks) {
      if (task instanceof Task.Grouped<?> grouped) {
        group.add(grouped);
      } else if (task instanceof Task.Alone<?> alone) {
        commit(group);
        group = new ArrayList<>();
        transact(List.of(alone), handle -> doAlone(handle, alone));
      }
    }
    commit(group);
  }

  private void commit(List<Task.Grouped<?>> group) {
    if (!group.isEmpty() && !transact(group, handle -> decide(handle, group))) {
      // It is the fault of one, from which the others must not suffer.
      group.forEach(task -> commit(List.of(task)));
    }
  }

  /**
   * Makes a transaction; who waits is told if it fails.
   *
   * @return false if it failed as nobody expected, and there are several who wait: they are not
   *     told
   */
  private boolean transact(List<? extends Task> tasks, Transaction transaction) {
    try {
      attemptOrReconnect(transaction);
    } catch (StoreException e) {
      report(e);
      tasks.forEach(task -> task.result().completeExceptionally(e));
    } catch (RuntimeException | Error e) {
      if (tasks.size() > 1) {
        return false;
      }
      LOG.error("a change failed", e);
      tasks.forEach(task -> task.result().completeExceptionally(e));
    }
    return true;
  }

  /** A connection may have broken while nobody used it, which is no reason to fail. */
  private void attemptOrReconnect(Transaction transaction) {
    boolean wasConnected = handle != null;
    try {
      attempt(transaction);
    } catch (StoreException e) {
      boolean isWorthIt =
          wasConnected && !isCommitting && e.kind() == StoreException.Kind.UNAVAILABLE;
      if (!isWorthIt) {
        throw e;
      }
      attempt(transaction);
    }
  }

  private void attempt(Transaction transaction) {
    isCommitting = false;
    try {
      transaction.in(handle());
    } catch (SQLException e) {
      throw failed(e);
    } catch (RuntimeException | Error e) {
      Optional<SQLException> cause = sqlCause(e);
      if (cause.isPresent()) {
        throw failed(cause.get());
      }
      disconnect();
      throw e;
    }
  }

  /** What fails from here on may have been made. */
  private void commit(Handle handle) {
    isCommitting = true;
    handle.commit();
  }

  private Books lockBooks(Handle handle) {
    return BookRows.read(handle, database.forUpdate());
  }

  static Optional<SQLException> sqlCause(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return Optional.of(sql);
      }
    }
    return Optional.empty();
  }

  /** A connection is cheap, and its transaction may or may not be over after a failure. */
  private StoreException failed(SQLException failure) {
    disconnect();
    return database.translated(failure);
  }

  private <T> void doAlone(Handle handle, Task.Alone<T> task) throws SQLException {
    T result = task.work().apply(handle);
    commit(handle);
    if (task.writes()) {
      recovered();
    }
    database.maintain(handle.getConnection());
    announcer.follow(handle).ifPresentOrElse(now -> books = now, this::disconnect);
    task.result().complete(result);
  }

  private void decide(Handle handle, List<Task.Grouped<?>> group) throws SQLException {
    Instant start = stopwatch.instant();
    Books before = lockBooks(handle);
    Ledger ledger = load(handle, group, before);
    List<Runnable> completions = group.stream().map(task -> task.decided(ledger)).toList();
    if (ledger.writes()) {
      write(handle, ledger);
    }
    commit(handle);
    times.add(Duration.between(start, stopwatch.instant()));
    books = ledger.writes() ? ledger.books() : before;
    if (ledger.writes()) {
      recovered();
      cache.update(ledger);
    }
    if (!announcer.announce(handle, before, ledger)) {
      disconnect();
    }
    completions.forEach(Runnable::run);
  }

  private void recovered() {
    trouble.ifPresent(past -> LOG.info("{} can be written again", database.description()));
    trouble = Optional.empty();
  }

  private Ledger load(Handle handle, List<Task.Grouped<?>> group, Books before) {
    Set<String> names = new LinkedHashSet<>();
    group.forEach(task -> names.add(task.change().run()));
    Ledger ledger = new Ledger(capacity, RunRows.find(handle, names, cache::find), before, random);
    Map<Long, Set<Observation.Key>> inQuestion = new HashMap<>();
    for (Task.Grouped<?> task : group) {
      ledger
          .inQuestion(task.change())
          .forEach(
              (run, keys) ->
                  inQuestion.computeIfAbsent(run, id -> new LinkedHashSet<>()).addAll(keys));
    }
    inQuestion.forEach((run, keys) -> ObservationRows.find(handle, run, keys, ledger));
    Map<Long, Set<SketchKey>> sketches = new HashMap<>();
    for (Task.Grouped<?> task : group) {
      ledger
          .sketchInQuestion(task.change())
          .forEach((run, key) -> sketches.computeIfAbsent(run, id -> new HashSet<>()).add(key));
    }
    sketches.forEach((run, keys) -> SketchRows.find(handle, run, keys, ledger));
    Map<Change.Checkpoint, Set<Long>> checkpoints = new HashMap<>();
    for (Task.Grouped<?> task : group) {
      Optional<StoredRun> run = ledger.find(task.change().run());
      task.change()
          .checkpoint()
          .map(at -> checkpoints.computeIfAbsent(at, first -> new HashSet<>()))
          .ifPresent(runs -> run.map(StoredRun::id).ifPresent(runs::add));
    }
    PolicyRows.findPeers(handle, checkpoints, ledger);
    return ledger;
  }

  private static void write(Handle handle, Ledger ledger) throws SQLException {
    RunRows.delete(handle, ledger.deleted());
    RunRows.write(handle, ledger.changed());
    ObservationRows.insert(handle.getConnection(), ledger.added());
    SketchRows.write(handle, ledger.sketches());
    PolicyRows.write(handle, ledger.decisions());
    BookRows.write(handle, ledger.books(), ledger.newest());
  }

  /** One for all that is done with a connection, since it remembers the statements it has read. */
  private Handle handle() throws SQLException {
    Handle open = handle;
    if (open == null) {
      open = Jdbi.open(database.openWriter());
      handle = open;
    }
    return open;
  }

  /** Lets go of the connection, if there is one. */
  void disconnect() {
    try {
      if (handle != null) {
        handle.getConnection().close();
      }
    } catch (SQLException e) {
      LOG.debug("a connection was closed already", e);
    } finally {
      handle = null;
      // A server that takes the place of another may not have everything.
      cache.clear();
    }
  }

  /** Once when it begins, not for each of a thousand changes that meet it. */
  private void report(StoreException failure) {
    boolean isNew = trouble.filter(known -> known.kind() == failure.kind()).isEmpty();
    if (isNew) {
      LOG.error(
          "{} cannot be written: {} ({})",
          database.description(),
          failure.getMessage(),
          Database.firstLine(failure));
    }
    trouble = Optional.of(failure);
  }

  /** Finishes what waits. */
  @Override
  public void close() {
    synchronized (this) {
      // It wakes the thread up if nothing else does; if there is no place for it, something will.
      queue.offer(new Task.Alone<>(handle -> true, false, new CompletableFuture<>()));
      closing = true;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
