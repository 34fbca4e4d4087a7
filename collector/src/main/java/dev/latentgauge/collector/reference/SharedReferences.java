package dev.latentgauge.collector.reference;

import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.store.ReferenceFiles;
import dev.latentgauge.observation.Names;
import dev.latentgauge.probe.Fingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The references that several collectors share in a database, and the copies of them in a folder of
 * this one. Thread-safe. What is shared is changed at once; a copy that cannot be made is said in
 * the log, and tried again now and then.
 */
final class SharedReferences {

  private static final Logger LOG = LoggerFactory.getLogger(SharedReferences.class);
  private static final Duration RETRY = Duration.ofSeconds(30);

  private final ReferenceFiles files;
  private final ReferenceFolder copies;
  private final InstantSource stopwatch;

  /** Names of references of which there can be no copy now. */
  private final Set<String> uncopied = ConcurrentHashMap.newKeySet();

  /** Whether there are copies of what is not shared any more, as they cannot be deleted. */
  private volatile boolean hasLeftovers;

  /** The state of what is shared when it was copied last, and when that was. */
  private volatile String copied = "";

  private volatile Instant copiedAt = Instant.MIN;

  SharedReferences(ReferenceFiles files, ReferenceFolder copies, InstantSource stopwatch) {
    this.files = files;
    this.copies = copies;
    this.stopwatch = stopwatch;
  }

  /** Makes the copies the same as what is shared by now. */
  void refresh() {
    if (!isCopied(files.state())) {
      copyAll();
    }
  }

  private boolean isCopied(String state) {
    return state.equals(copied)
        && ((uncopied.isEmpty() && !hasLeftovers)
            || stopwatch.instant().isBefore(copiedAt.plus(RETRY)));
  }

  /** What is known stays so while it happens. */
  private synchronized void copyAll() {
    String state = files.state();
    if (isCopied(state)) {
      return; // Another thread has done it.
    }
    Map<String, ReferenceFiles.Entry> there = new LinkedHashMap<>();
    files.list().forEach(entry -> there.put(entry.name(), entry));
    hasLeftovers = false;
    for (StoredReference known : List.copyOf(copies.all().values())) {
      ReferenceFiles.Entry entry = there.get(known.name());
      if (entry != null && entry.document().equals(known.document())) {
        there.remove(known.name());
      } else {
        removeCopy(known);
      }
    }
    uncopied.retainAll(there.keySet());
    there.values().forEach(this::copyOrReport);
    copied = state;
    copiedAt = stopwatch.instant();
  }

  private void removeCopy(StoredReference reference) {
    try {
      copies.remove(reference);
    } catch (IOException e) {
      hasLeftovers = true;
      LOG.warn("the copy of the reference {} cannot be deleted: {}", reference.id(), e.toString());
    }
  }

  private void copyOrReport(ReferenceFiles.Entry entry) {
    try {
      copy(entry);
      uncopied.remove(entry.name());
    } catch (IOException | IllegalArgumentException e) {
      if (files.has(entry) && uncopied.add(entry.name())) {
        LOG.warn(
            "the reference {} cannot be copied from the database, and not be used here: {}",
            entry.name(),
            e.toString());
      }
    }
  }

  private void copy(ReferenceFiles.Entry entry) throws IOException {
    // Whoever can write to the database must not choose where files are written.
    Names.require("the name of a reference", entry.name());
    StoredReference reference = StoredReference.parse(entry.document(), copies.file(entry.name()));
    if (!reference.name().equals(entry.name())) {
      throw new IOException("it is said to be the reference " + reference.name());
    }
    Path fetched = copies.unfinished(entry.name());
    try {
      files.fetch(entry, fetched);
      if (!Fingerprint.ofFile(fetched).equals(reference.sha256())) {
        throw new IOException("its file is not the one that was kept");
      }
      copies.place(reference, fetched);
    } finally {
      Files.deleteIfExists(fetched);
    }
  }

  /**
   * Requires that a reference can be used here, if it is shared.
   *
   * @throws Rejection if there can be no copy of it
   */
  void requireCopied(String name) {
    if (uncopied.contains(name)) {
      throw new Rejection(
          Rejection.Reason.SPACE,
          Optional.empty(),
          "this collector cannot copy the reference to its disk; its log says why");
    }
  }

  /**
   * Shares a reference.
   *
   * @param made its file, in the same file system as the copies; moved
   * @return false if another collector was first to share one of that name
   */
  boolean add(StoredReference reference, Path made) throws IOException {
    boolean isAdded = files.add(reference.name(), reference.document(), made);
    if (isAdded) {
      placeCopy(reference, made);
    }
    return isAdded;
  }

  /** It is shared, whether or not there is a copy here. */
  private synchronized void placeCopy(StoredReference reference, Path made) {
    try {
      if (!copies.all().containsKey(reference.name())) {
        copies.place(reference, made);
        copied = ""; // Another collector may have deleted it by now.
      }
    } catch (IOException e) {
      LOG.warn("the reference {} was kept, but not copied: {}", reference.id(), e.toString());
    }
  }

  /** Deletes a reference at all collectors, here at once; returns whether there was one. */
  boolean delete(String name) {
    boolean isThere = files.delete(name);
    refresh();
    return isThere;
  }
}
