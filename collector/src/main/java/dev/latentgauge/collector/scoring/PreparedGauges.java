package dev.latentgauge.collector.scoring;

import ai.djl.ndarray.NDManager;
import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.reference.ReferenceLibrary;
import dev.latentgauge.collector.reference.StoredReference;
import dev.latentgauge.reference.InvalidFileException;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.reference.RunGauge;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * Gauges of the references that were used last: to read a reference and to prepare a gauge takes
 * longer than to measure with it.
 *
 * <p>Gauges are not thread-safe, so whoever takes one has it alone until it is given back; who
 * wants one of the same reference meanwhile gets another. Those that were given back last are kept,
 * as many as take no more than a number of bytes together, and others are closed. Whether a
 * reference was deleted is asked each time: a gauge of one that was is never taken again, and has
 * to make room as the others do.
 *
 * <p>Thread-safe.
 */
final class PreparedGauges implements AutoCloseable {

  /** A gauge of 4096 probes, 512 anchors and 1024 dimensions, or many of usual sizes. */
  private static final long BYTES_A_SCORER = 1L << 26;

  /** One of 16,384 probes, 1024 anchors and 1024 dimensions, which takes a second to prepare. */
  private static final long LEAST_BYTES = 1L << 29;

  /** What a gauge counts for at least, as there is more to it than its arrays. */
  static final long FEWEST_BYTES = 1L << 20;

  private final ReferenceLibrary library;
  private final long most;

  /** The one that was given back last is the first. */
  private final Deque<Taken> kept = new ArrayDeque<>();

  private long bytes;
  private boolean isClosed;

  /**
   * Keeps none yet.
   *
   * @param most how many bytes may be kept, at least 0; those that are taken do not count
   */
  PreparedGauges(ReferenceLibrary library, long most) {
    this.library = library;
    this.most = most;
  }

  /** How many bytes may be kept where so many threads score. */
  static long most(int threads) {
    return Math.max(LEAST_BYTES, threads * BYTES_A_SCORER);
  }

  /**
   * Takes a gauge, which is prepared if none is kept.
   *
   * @return the gauge, to be given back by closing it
   * @throws Rejection if the reference was deleted, even if another one got its name
   * @throws IOException if the disk fails
   */
  Taken take(StoredReference wanted) throws IOException {
    StoredReference stored = library.find(wanted.id()).orElseThrow(() -> deleted(wanted));
    Optional<Taken> ready = ready(stored);
    return ready.isPresent() ? ready.get() : prepare(stored);
  }

  private synchronized Optional<Taken> ready(StoredReference stored) {
    Iterator<Taken> gauges = kept.iterator();
    while (gauges.hasNext()) {
      Taken gauge = gauges.next();
      if (gauge.stored.equals(stored)) {
        gauges.remove();
        bytes -= gauge.bytes;
        return Optional.of(gauge);
      }
    }
    return Optional.empty();
  }

  private Taken prepare(StoredReference stored) throws IOException {
    Reference reference = load(stored);
    NDManager manager = NDManager.newBaseManager();
    try {
      return new Taken(stored, reference, manager);
    } catch (RuntimeException | Error e) {
      manager.close();
      reference.close();
      throw e;
    }
  }

  private Reference load(StoredReference stored) throws IOException {
    try {
      return requireSame(stored, Reference.loadWithoutProbes(stored.file()));
    } catch (NoSuchFileException e) {
      throw deleted(stored);
    } catch (InvalidFileException e) {
      throw new IllegalStateException("a reference that is kept here is damaged", e);
    }
  }

  /** Its file may be that of another one by now, which got its name, or its calibration. */
  private Reference requireSame(StoredReference stored, Reference read) {
    if (!library.find(read.id()).equals(Optional.of(stored))) {
      read.close();
      throw deleted(stored);
    }
    return read;
  }

  private static Rejection deleted(StoredReference stored) {
    return new Rejection(
        Rejection.Reason.UNKNOWN_REFERENCE,
        Optional.of("reference"),
        "the reference " + stored.id() + " was deleted meanwhile");
  }

  private synchronized void giveBack(Taken gauge) {
    gauge.weigh();
    if (isClosed || gauge.bytes > most) {
      gauge.free();
      return;
    }
    kept.addFirst(gauge);
    bytes += gauge.bytes;
    while (bytes > most) {
      Taken eldest = kept.removeLast();
      bytes -= eldest.bytes;
      eldest.free();
    }
  }

  /** Frees all that are kept, and those that are taken when they are given back. */
  @Override
  public synchronized void close() {
    isClosed = true;
    kept.forEach(Taken::free);
    kept.clear();
    bytes = 0;
  }

  /** A gauge that nobody else has. */
  final class Taken implements AutoCloseable {
    private final StoredReference stored;
    private final Reference reference;
    private final NDManager manager;
    private final RunGauge gauge;

    /** When it was given back last: a gauge may keep more once it has measured. */
    private long bytes;

    private Taken(StoredReference stored, Reference reference, NDManager manager) {
      this.stored = stored;
      this.reference = reference;
      this.manager = manager;
      this.gauge = reference.runGauge(manager);
    }

    private void weigh() {
      bytes = Math.max(FEWEST_BYTES, bytes(manager) + bytes(reference.relative().getManager()));
    }

    private static long bytes(NDManager manager) {
      return manager.getManagedArrays().stream()
          .mapToLong(array -> array.size() * array.getDataType().getNumOfBytes())
          .sum();
    }

    /** What to measure with, until it is given back. */
    RunGauge gauge() {
      return gauge;
    }

    /** Gives it back. */
    @Override
    public void close() {
      giveBack(this);
    }

    private void free() {
      manager.close();
      reference.close();
    }
  }
}
