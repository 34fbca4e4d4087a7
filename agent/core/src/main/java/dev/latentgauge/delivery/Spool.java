package dev.latentgauge.delivery;

import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.Wire;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reports of one process that wait for one collector: a queue on disk, written ahead.
 *
 * <p>What {@link #append} and {@link #end} were given is on disk when they return, and what {@link
 * #taken} was given is off it. While the disk cannot be written, the queue goes on in memory, says
 * so once, and returns to the disk when it can; changes are numbered, so that one that was made
 * before it failed can be made again. Beyond its limit the oldest observations go and are counted.
 *
 * <p>Thread-safe; {@link #waiting} and {@link #dropped} never wait, all else may wait for the disk.
 */
final class Spool implements AutoCloseable {

  /** The most bytes of observations that are held in memory. */
  static final long MEMORY_LIMIT = 8L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(Spool.class);

  private final Label label;
  private final Optional<Path> file;
  private final long limit;
  private final DiskTrouble trouble;
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicLong waiting = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();

  // All below are guarded by the lock.
  private final Unsaved unsaved = new Unsaved();
  private final Set<Long> unremoved = new HashSet<>();
  private final Set<Long> underWay = new HashSet<>();
  private final Set<Long> droppedUnderWay = new HashSet<>();
  private @Nullable Journal journal;
  private @Nullable RunEnd end;
  private boolean endIsSaved;
  private boolean endWaits;
  private boolean begun;
  private boolean refused;
  private long next;
  private long saved;

  /** An observation that waits, in the JSON of the wire. */
  record Entry(long number, String json) {}

  private Spool(Label label, Optional<Path> file, long limit) {
    this.label = label;
    this.file = file;
    this.limit = limit;
    this.trouble = new DiskTrouble(label.run().name());
  }

  /** An empty spool; if its file cannot be made yet, it begins in memory. */
  static Spool create(Path file, Label label, long limit) {
    Spool spool = new Spool(label, Optional.of(file), limit);
    spool.locked(spool::save);
    return spool;
  }

  /** A spool that is lost with the process. */
  static Spool inMemory(Label label, long limit) {
    return new Spool(label, Optional.empty(), limit);
  }

  /**
   * What another process left.
   *
   * @return the spool; empty if its file had never been written to
   * @throws SpoolException if another process has it, or it is not a spool that can be read
   */
  static Optional<Spool> reopened(Path file) throws SpoolException {
    Optional<Journal> opened = Journal.open(file);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    Journal journal = opened.get();
    try {
      Spool spool = new Spool(journal.label(), Optional.of(file), Long.MAX_VALUE);
      spool.journal = journal;
      spool.begun = true;
      spool.end = journal.end().orElse(null);
      spool.endIsSaved = true;
      spool.endWaits = spool.end != null;
      spool.saved = journal.size();
      spool.count();
      return Optional.of(spool);
    } catch (SpoolException e) {
      journal.close();
      throw e;
    }
  }

  Label label() {
    return label;
  }

  Optional<Path> file() {
    return file;
  }

  /** How many reports wait: observations, and the end of the run. */
  long waiting() {
    return waiting.get();
  }

  /** How many of those that wait would outlive the process. */
  long waitingOnDisk() {
    return locked(() -> saved - unremoved.size() + (endWaits && endIsSaved ? 1 : 0));
  }

  /** How many reports were given up. */
  long dropped() {
    return dropped.get();
  }

  /** Adds observations, all or none where the process dies meanwhile. */
  void append(List<Observation> observations) {
    locked(
        () -> {
          if (refused) {
            dropped.addAndGet(observations.size());
            return;
          }
          for (Observation observation : observations) {
            unsaved.add(next++, Wire.write(observation));
          }
          save();
        });
  }

  /** Says how the run ended. */
  void end(RunEnd how) {
    locked(
        () -> {
          if (refused) {
            return;
          }
          end = how;
          endWaits = true;
          endIsSaved = false;
          save();
        });
  }

  /** How the run ended; empty as long as it goes on, and once that was delivered. */
  Optional<RunEnd> end() {
    return locked(() -> endWaits ? Optional.ofNullable(end) : Optional.empty());
  }

  /**
   * The oldest observations, which stay.
   *
   * @throws SpoolException if there are some, but they cannot be read
   */
  List<Entry> oldest(int most) throws SpoolException {
    lock.lock();
    boolean interrupted = Thread.interrupted();
    try {
      List<Entry> batch = new ArrayList<>();
      SpoolException failure = null;
      try {
        batch.addAll(saved(most));
      } catch (SpoolException e) {
        failure = e;
      }
      batch.addAll(unsaved.oldest(most - batch.size()));
      if (batch.isEmpty() && failure != null) {
        throw failure;
      }
      underWay.clear();
      droppedUnderWay.clear();
      batch.forEach(entry -> underWay.add(entry.number()));
      return batch;
    } finally {
      restore(interrupted);
      lock.unlock();
    }
  }

  /** The oldest on disk; a store that was closed beneath is opened once more. */
  private List<Entry> saved(int most) throws SpoolException {
    if (saved <= unremoved.size()) {
      return List.of();
    }
    try {
      return journal().oldest(most, unremoved);
    } catch (SpoolException e) {
      discardJournal();
      Thread.interrupted();
    }
    return journal().oldest(most, unremoved);
  }

  /** Removes observations that were delivered. */
  void taken(List<Entry> entries) {
    locked(
        () -> {
          entries.forEach(this::remove);
          save();
        });
  }

  /** Removes observations that will never be taken, and counts them. */
  void giveUp(List<Entry> entries) {
    locked(
        () -> {
          entries.forEach(this::remove);
          dropped.addAndGet(entries.size());
          save();
        });
  }

  private void remove(Entry entry) {
    if (unsaved.remove(entry.number())) {
      return;
    } else if (droppedUnderWay.remove(entry.number())) {
      dropped.decrementAndGet();
    } else {
      unremoved.add(entry.number());
    }
  }

  /** Says that the end was delivered, or never will be. */
  void endTaken() {
    locked(
        () -> {
          endWaits = false;
          count();
        });
  }

  /** Counts the end, which will never be taken. */
  void giveUpEnd() {
    dropped.incrementAndGet();
    endTaken();
  }

  /** Gives up all that waits and all that comes, and counts it. */
  void giveUpAll() {
    locked(
        () -> {
          dropped.addAndGet(waiting.get());
          refused = true;
          endWaits = false;
          unsaved.clear();
          deleteFile();
          count();
        });
  }

  /**
   * Lets go of the file, and deletes it if nothing waits in it. What waits in memory alone is lost,
   * and counted.
   */
  @Override
  public void close() {
    locked(
        () -> {
          if (unsaved.size() + unremoved.size() > 0) {
            save();
          }
          long lost = (endWaits && !endIsSaved ? 1L : 0L) + unsaved.size();
          dropped.addAndGet(lost);
          if (waiting.get() == 0) {
            deleteFile();
          } else {
            discardJournal();
          }
        });
  }

  private void deleteFile() {
    try {
      if (file.isPresent() && begun) {
        journal().delete();
      }
    } catch (SpoolException e) {
      LOG.debug("{} stays, though nothing waits in it", file, e);
    }
    discardJournal();
    begun = false;
    saved = 0;
    unremoved.clear();
  }

  /** Brings the file up to date; what cannot be written waits in memory. */
  private void save() {
    if (file.isEmpty()) {
      endIsSaved = false;
      dropOldestInMemory();
      count();
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      write();
      trouble.ends();
    } catch (SpoolException first) {
      interrupted |= Thread.interrupted();
      try {
        // An interrupt closes the store, and so does a disk that was full a moment ago.
        discardJournal();
        write();
        trouble.ends();
      } catch (SpoolException e) {
        discardJournal();
        trouble.begins(e);
        dropOldestInMemory();
      }
    } finally {
      count();
      restore(interrupted);
    }
  }

  private void write() throws SpoolException {
    long expected = saved - unremoved.size() + unsaved.size();
    Journal open = journal();
    RunEnd newEnd = endIsSaved ? null : end;
    List<Long> gone = open.change(unsaved.all(), unremoved, newEnd, limit);
    gone.forEach(this::countDropped);
    saved = open.size();
    // The file may have been deleted by somebody since the last change.
    dropped.addAndGet(Math.max(0, expected - gone.size() - saved));
    unsaved.clear();
    unremoved.clear();
    endIsSaved = true;
  }

  private Journal journal() throws SpoolException {
    Journal open = journal;
    if (open == null) {
      open = Journal.create(file.orElseThrow(), label);
      journal = open;
      begun = true;
    }
    return open;
  }

  private void discardJournal() {
    if (journal != null) {
      journal.close();
      journal = null;
    }
  }

  private void dropOldestInMemory() {
    unsaved.removeBeyond(Math.min(limit, MEMORY_LIMIT)).forEach(this::countDropped);
  }

  private void countDropped(Long number) {
    dropped.incrementAndGet();
    if (underWay.contains(number)) {
      droppedUnderWay.add(number);
    }
  }

  private void count() {
    waiting.set(saved - unremoved.size() + unsaved.size() + (endWaits ? 1 : 0));
  }

  private static void restore(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void locked(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }

  private <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
