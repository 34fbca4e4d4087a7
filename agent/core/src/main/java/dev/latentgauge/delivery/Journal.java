package dev.latentgauge.delivery;

import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.Wire;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a spool, while this process has it open; no other process can.
 *
 * <p>A change is on disk when its method returns, also if power is lost then, or not at all. After
 * any failure the journal must be {@linkplain #close closed} and opened anew: a full disk closes
 * the store beneath, and so does an interrupt. Not thread-safe.
 *
 * <p>Types of keys and values are named, never found in the file: the store's own default would
 * deserialise objects.
 */
final class Journal implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final String FORMAT = "1";
  private static final String ABOUT = "latentgauge.about";
  private static final String OBSERVATIONS = "latentgauge.observations";
  private static final String FORMAT_KEY = "format";
  private static final String COLLECTOR_KEY = "collector";
  private static final String NAME_KEY = "name";
  private static final String RUN_KEY = "run";
  private static final String END_KEY = "end";
  private static final int CACHE_MEGABYTES = 2;
  private static final long SLACK = 4 << 20;
  private static final long SPARSENESS = 2;
  private static final int COMPACTION_MILLIS = 200;

  private final Path file;
  private final MVStore store;
  private final MVMap<String, String> about;
  private final MVMap<Long, String> observations;
  private long bytes = -1;

  private Journal(Path file, MVStore store) {
    this.file = file;
    this.store = store;
    this.about =
        store.openMap(
            ABOUT,
            new MVMap.Builder<String, String>()
                .keyType(StringDataType.INSTANCE)
                .valueType(StringDataType.INSTANCE));
    this.observations =
        store.openMap(
            OBSERVATIONS,
            new MVMap.Builder<Long, String>()
                .keyType(LongDataType.INSTANCE)
                .valueType(StringDataType.INSTANCE));
  }

  /**
   * Makes a file, or opens the one that this process made before.
   *
   * @throws SpoolException if that cannot be done now
   */
  static Journal create(Path file, Label label) throws SpoolException {
    try {
      Files.createDirectories(folder(file));
    } catch (IOException e) {
      throw new SpoolException(folder(file) + " cannot be made: " + e, e);
    }
    MVStore store = openStore(file);
    try {
      Journal journal = new Journal(file, store);
      if (journal.about.isEmpty()) {
        journal.about.put(FORMAT_KEY, FORMAT);
        journal.about.put(COLLECTOR_KEY, label.collector().toString());
        journal.about.put(NAME_KEY, label.run().name());
        journal.about.put(RUN_KEY, Wire.write(label.run()));
        journal.flush();
        syncFolder(file);
      }
      // Whoever looks through the folder may have found the file empty, and deleted it.
      journal.requireFile();
      return journal;
    } catch (SpoolException e) {
      store.closeImmediately();
      throw e;
    } catch (RuntimeException e) {
      store.closeImmediately();
      throw failed(file, "cannot be written", e);
    }
  }

  /**
   * Opens a file that another process left.
   *
   * @return the journal; empty if the file was made and nothing written to it, which is deleted
   * @throws SpoolException if another process has it, or it is not a spool that can be read
   */
  static Optional<Journal> open(Path file) throws SpoolException {
    MVStore store = openStore(file);
    try {
      if (store.getMapNames().isEmpty()) {
        Files.deleteIfExists(file);
        store.closeImmediately();
        return Optional.empty();
      }
      if (!store.hasMap(ABOUT) || !store.hasMap(OBSERVATIONS)) {
        throw new SpoolException(file + " is not a spool");
      }
      Journal journal = new Journal(file, store);
      journal.requireKnownFormat();
      return Optional.of(journal);
    } catch (SpoolException e) {
      store.closeImmediately();
      throw e;
    } catch (RuntimeException | IOException e) {
      store.closeImmediately();
      throw failed(file, "cannot be read", e);
    }
  }

  private void requireKnownFormat() throws SpoolException {
    String format = about.get(FORMAT_KEY);
    if (!FORMAT.equals(format)) {
      throw new SpoolException(
          file + " must be of format " + FORMAT + ", but is of " + format + ": a newer version?");
    }
  }

  private static MVStore openStore(Path file) throws SpoolException {
    try {
      MVStore store =
          new MVStore.Builder()
              .fileName(file.toAbsolutePath().toString())
              .cacheSize(CACHE_MEGABYTES)
              .autoCommitDisabled()
              .open();
      // Every change is synchronised: what it replaced is not needed to survive a loss of power.
      store.setRetentionTime(0);
      store.setVersionsToKeep(0);
      return store;
    } catch (MVStoreException e) {
      if (e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
        throw SpoolException.held(file + " is open in a living process", e);
      }
      throw failed(file, "cannot be opened", e);
    } catch (RuntimeException e) {
      throw failed(file, "cannot be opened", e);
    }
  }

  /** The messages of the store go on for pages, its causes are to the point. */
  private static SpoolException failed(Path file, String what, Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    int end = message.indexOf(" [");
    return new SpoolException(
        file + " " + what + ": " + (end > 0 ? message.substring(0, end) : message), failure);
  }

  private static Path folder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? file.toAbsolutePath() : folder;
  }

  /** A file whose entry in its folder is lost with the power is lost too. */
  private static void syncFolder(Path file) {
    try (FileChannel channel = FileChannel.open(folder(file), StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      LOG.debug("{} cannot be synchronised on this system", folder(file), e);
    }
  }

  /** What is written on the spool. */
  Label label() throws SpoolException {
    try {
      return new Label(
          URI.create(required(COLLECTOR_KEY)), Wire.readRun(required(NAME_KEY), required(RUN_KEY)));
    } catch (RuntimeException e) {
      throw failed(file, "does not say whose reports it holds", e);
    }
  }

  private String required(String key) {
    String value = about.get(key);
    if (value == null) {
      throw new IllegalArgumentException("there must be an entry \"" + key + "\", but is none");
    }
    return value;
  }

  /** How the run ended, if it did. */
  Optional<RunEnd> end() throws SpoolException {
    try {
      return Optional.ofNullable(about.get(END_KEY)).map(Wire::readEnd);
    } catch (RuntimeException e) {
      throw failed(file, "does not say how its run ended", e);
    }
  }

  /** How many observations there are. */
  long size() {
    return observations.sizeAsLong();
  }

  /** The oldest observations, at most so many, without some. */
  List<Spool.Entry> oldest(int most, Set<Long> without) throws SpoolException {
    List<Spool.Entry> entries = new ArrayList<>();
    try {
      Iterator<Long> numbers = observations.keyIterator(null);
      while (entries.size() < most && numbers.hasNext()) {
        Long number = numbers.next();
        String json = without.contains(number) ? null : observations.get(number);
        if (json != null) {
          entries.add(new Spool.Entry(number, json));
        }
      }
    } catch (RuntimeException e) {
      throw failed(file, "cannot be read", e);
    }
    return entries;
  }

  /**
   * Adds and removes observations in one change, and the oldest beyond a limit with them.
   *
   * @param limit the most bytes of all observations
   * @return the numbers of those that had to go for the limit
   */
  List<Long> change(Map<Long, String> added, Set<Long> removed, @Nullable RunEnd end, long limit)
      throws SpoolException {
    try {
      long before = bytes();
      long change = 0;
      for (Map.Entry<Long, String> entry : added.entrySet()) {
        change += size(entry.getValue()) - size(observations.put(entry.getKey(), entry.getValue()));
      }
      for (Long number : removed) {
        change -= size(observations.remove(number));
      }
      if (end != null) {
        about.put(END_KEY, Wire.write(end));
      }
      bytes = before + change;
      List<Long> gone = removeBeyond(limit);
      flush();
      compactIfSparse();
      requireFile();
      return gone;
    } catch (RuntimeException e) {
      throw failed(file, "cannot be written", e);
    }
  }

  /** Every change writes blocks of its own, of which most is soon out of date. */
  private void compactIfSparse() {
    if (store.getFileStore().size() > SLACK + SPARSENESS * bytes) {
      store.compactFile(COMPACTION_MILLIS);
    }
  }

  /** What goes to a file without a name is lost when it is closed. */
  private void requireFile() throws SpoolException {
    if (!Files.exists(file)) {
      throw new SpoolException(file + " was deleted");
    }
  }

  private List<Long> removeBeyond(long limit) {
    List<Long> gone = new ArrayList<>();
    while (bytes > limit) {
      Long oldest = observations.firstKey();
      if (oldest == null) {
        break;
      }
      bytes -= size(observations.remove(oldest));
      gone.add(oldest);
    }
    return gone;
  }

  private long bytes() {
    if (bytes < 0) {
      bytes = observations.values().stream().mapToLong(Journal::size).sum();
    }
    return bytes;
  }

  static long size(@Nullable String json) {
    return json == null ? 0 : json.getBytes(StandardCharsets.UTF_8).length;
  }

  private void flush() {
    store.commit();
    store.sync();
  }

  /** Deletes the file; the lock is still held, so that nobody else is about to use it. */
  void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // It is empty, and whoever finds it will see that.
      store.closeImmediately();
    }
  }

  /** Lets go of the file; nothing is written. */
  @Override
  public void close() {
    store.closeImmediately();
  }
}
