package dev.latentgauge.collector.store;

import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.run.RunListener;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a listener of all changes in their order, whoever made them: those of this collector as
 * they are committed, and before them what others have committed before.
 *
 * <p>Changes of others are read from the list in the database, outside of the lock; so a run is
 * told of as it is by then, which may be later than its change, and is told of again with that.
 * Nothing here fails what is committed: what cannot be read is told another time. Used by one
 * thread; {@link #isBehind} by any.
 */
final class Announcer {

  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
  private static final int AT_ONCE = 1000;

  private final Database database;
  private final RunCache cache;
  private final RunListener listener;
  private final Supplier<Instant> endedAfter;
  private volatile boolean isBehind;

  /** The number of the last change that the listener has heard of, with all before it. */
  private long told;

  /**
   * An announcer that has told nothing yet.
   *
   * @param cache takes note of the runs that are read
   * @param endedAfter since when a run must have ended to be told of when all is told anew
   */
  Announcer(Database database, RunCache cache, RunListener listener, Supplier<Instant> endedAfter) {
    this.database = database;
    this.cache = cache;
    this.listener = listener;
    this.endedAfter = endedAfter;
  }

  /** Whether something could not be told, when it was last tried. */
  boolean isBehind() {
    return isBehind;
  }

  /**
   * Tells of a group that is committed, and before it of what came before it.
   *
   * @param before the books when the group was decided
   * @return false if that could not be read; then the connection is of no use
   */
  boolean announce(Handle handle, Books before, Ledger ledger) {
    boolean isUpToDate = told == before.changes();
    boolean isRead = isUpToDate || tellOrPutOff(handle, before.changes(), runs(ledger));
    if (!ledger.writes() || told >= ledger.books().changes()) {
      return isRead; // Nothing has happened, or it was told with everything else.
    }
    ledger.news().forEach(this::tell);
    if (isRead) {
      told = ledger.books().changes();
    }
    return isRead;
  }

  private static Set<String> runs(Ledger ledger) {
    Set<String> runs = new HashSet<>();
    ledger.news().forEach(news -> runs.add(news.subject().run()));
    return runs;
  }

  /**
   * Tells of all that was committed by now.
   *
   * @return the books then; empty if that could not be read, and the connection is of no use
   */
  Optional<Books> follow(Handle handle) {
    Books[] now = {Books.NONE};
    boolean isRead =
        orPutOff(
            () -> {
              database.beginReading(handle);
              now[0] = BookRows.read(handle);
              tellUpTo(handle, now[0].changes(), Set.of());
              handle.commit();
            });
    return isRead ? Optional.of(now[0]) : Optional.empty();
  }

  /**
   * Tells how everything is that is live, or ended not long ago.
   *
   * @return the books then
   */
  Books tellAnew(Handle handle) {
    Books now = BookRows.read(handle);
    List<Run> recent =
        RunRows.findRecent(handle, endedAfter.get()).stream().map(StoredRun::run).toList();
    handle.commit();
    tell(anew -> anew.startedOver(recent));
    told = now.changes();
    return now;
  }

  private boolean tellOrPutOff(Handle handle, long last, Set<String> newer) {
    return orPutOff(
        () -> {
          database.beginReading(handle);
          tellUpTo(handle, last, newer);
          handle.commit();
        });
  }

  /** What was committed must not fail for what is told; that can be done later. */
  private boolean orPutOff(Runnable telling) {
    try {
      telling.run();
      isBehind = false;
      return true;
    } catch (RuntimeException | Error e) {
      if (GroupCommit.sqlCause(e).isPresent()) {
        LOG.debug("what others have changed will be told later", e);
      } else if (!isBehind) {
        LOG.error("what others have changed cannot be told", e);
      }
      isBehind = true;
      return false;
    }
  }

  /**
   * Tells of changes that were not told yet, which are mostly those of other collectors.
   *
   * @param last the number of the last of them; later ones may be told of as well
   * @param newer runs of which something newer will be told right after this
   */
  private void tellUpTo(Handle handle, long last, Set<String> newer) {
    if (told > last) {
      // The database is a copy that had not everything.
      tellAnew(handle);
    }
    while (told < last) {
      List<BookRows.Entry> entries = BookRows.after(handle, told, AT_ONCE);
      if (entries.isEmpty() || entries.get(0).number() != told + 1) {
        tellAnew(handle);
        return;
      }
      List<BookRows.Entry> some = entries.stream().filter(entry -> entry.number() <= last).toList();
      tell(handle, some, newer);
      told = some.get(some.size() - 1).number();
    }
  }

  private void tell(Handle handle, List<BookRows.Entry> entries, Set<String> newer) {
    Set<String> names = new LinkedHashSet<>();
    entries.forEach(entry -> names.add(entry.run()));
    names.removeAll(newer);
    Map<String, StoredRun> found = RunRows.find(handle, names, cache::find);
    found.values().forEach(cache::update);
    Set<String> deleted = new HashSet<>();
    for (BookRows.Entry entry : entries) {
      if (entry.news().filter(News.Deleted.class::isInstance).isPresent()) {
        deleted.add(entry.run());
        tell(new News.Deleted(entry.run()));
      }
    }
    for (String name : names) {
      StoredRun run = found.get(name);
      if (run != null) {
        tell(new News.Changed(run.run()));
      } else if (!deleted.contains(name)) {
        tell(new News.Deleted(name));
      }
    }
    for (BookRows.Entry entry : entries) {
      boolean isThere = found.containsKey(entry.run()) || newer.contains(entry.run());
      entry.news().filter(news -> isThere && news instanceof News.Sketched).ifPresent(this::tell);
    }
  }

  private void tell(News news) {
    tell(news::tell);
  }

  /** What is committed is committed, whatever becomes of those who hear of it. */
  private void tell(Consumer<RunListener> news) {
    try {
      news.accept(listener);
    } catch (Throwable e) { // the rest of the group must hear of what happened to it
      LOG.error("a listener failed", e);
    }
  }
}
