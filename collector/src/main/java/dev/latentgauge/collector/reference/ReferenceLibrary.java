package dev.latentgauge.collector.reference;

import dev.latentgauge.collector.disk.Durable;
import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.store.Page;
import dev.latentgauge.collector.store.ReferenceFiles;
import dev.latentgauge.collector.store.StoreException;
import dev.latentgauge.observation.Names;
import dev.latentgauge.probe.Fingerprint;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The references that the collector keeps, in a folder: of each the file {@code NAME.safetensors},
 * and what is said of it in {@code NAME.json}, which is written last. A file without its
 * description was never acknowledged, and does not count.
 *
 * <p>Where several collectors share a history, they share the references in it: then the folder has
 * copies, which {@link #refresh} makes the same as those. Thread-safe. Looking things up touches no
 * disk; changes are on disk, or in the database, when they return.
 */
public final class ReferenceLibrary {

  private static final Logger LOG = LoggerFactory.getLogger(ReferenceLibrary.class);
  private static final String FILE = ".safetensors";
  private static final String DESCRIPTION = ".json";
  private static final String FETCHED = ".fetched";

  /** What an id adds to a name. */
  private static final String VERSION = "@[0-9a-f]{12}$";

  private static final Duration RETRY = Duration.ofSeconds(30);

  private final Path folder;
  private final int most;
  private final Optional<ReferenceFiles> shared;
  private final InstantSource stopwatch;
  private final NavigableMap<String, StoredReference> references = new ConcurrentSkipListMap<>();

  /** Names of shared references of which there can be no copy now. */
  private final Set<String> uncopied = ConcurrentHashMap.newKeySet();

  /** The state of what is shared when it was copied last, and when that was. */
  private volatile String copied = "";

  private volatile Instant copiedAt = Instant.MIN;

  private ReferenceLibrary(
      Path folder, int most, Optional<ReferenceFiles> shared, InstantSource stopwatch) {
    this.folder = folder;
    this.most = most;
    this.shared = shared;
    this.stopwatch = stopwatch;
  }

  /**
   * What became of a reference.
   *
   * @param reference as it is kept
   * @param created whether it was not there before
   */
  public record Kept(StoredReference reference, boolean created) {}

  /**
   * Opens a library.
   *
   * @param folder where it is; must exist, and nobody else may write there
   * @param most how many references may be kept, at least 1
   * @return the library, with all that was kept before
   * @throws IOException if the folder cannot be read, or a description in it is damaged, naming it
   */
  public static ReferenceLibrary open(Path folder, int most) throws IOException {
    return opened(new ReferenceLibrary(folder, most, Optional.empty(), Clock.systemUTC()));
  }

  /**
   * Opens a library that several collectors share.
   *
   * @param copies a folder for copies of all of it; must exist, and be for nothing else
   * @param most how many references may be kept, at least 1
   * @param shared what they share
   * @param stopwatch says when to try again what could not be copied
   * @return the library, with all that is shared by now, as far as it can be copied
   * @throws IOException if the folder cannot be read, or a description in it is damaged, naming it
   * @throws StoreException if what is shared cannot be read
   */
  public static ReferenceLibrary shared(
      Path copies, int most, ReferenceFiles shared, InstantSource stopwatch) throws IOException {
    ReferenceLibrary library =
        opened(new ReferenceLibrary(copies, most, Optional.of(shared), stopwatch));
    library.refresh();
    return library;
  }

  private static ReferenceLibrary opened(ReferenceLibrary library) throws IOException {
    try (DirectoryStream<Path> remains = Files.newDirectoryStream(library.folder, "*" + FETCHED)) {
      for (Path remain : remains) {
        Files.delete(remain);
      }
    }
    try (DirectoryStream<Path> descriptions =
        Files.newDirectoryStream(library.folder, "*" + DESCRIPTION)) {
      for (Path description : descriptions) {
        library.read(description);
      }
    }
    library.reportStrays();
    return library;
  }

  /**
   * Tells whether references were kept in a folder.
   *
   * @param folder the folder of a library
   * @return whether there is a description of one
   * @throws IOException if the folder cannot be read
   */
  public static boolean hasAny(Path folder) throws IOException {
    try (DirectoryStream<Path> descriptions = Files.newDirectoryStream(folder, "*" + DESCRIPTION)) {
      return descriptions.iterator().hasNext();
    }
  }

  /**
   * Copies all references of a library that somebody may be changing.
   *
   * @param from the folder of the library
   * @param to an empty folder
   * @return how many were copied
   * @throws IOException if a file cannot be read or written
   */
  public static int copy(Path from, Path to) throws IOException {
    int copied = 0;
    try (DirectoryStream<Path> descriptions = Files.newDirectoryStream(from, "*" + DESCRIPTION)) {
      for (Path description : descriptions) {
        String file = described(description) + FILE;
        try {
          // The file first: a reference is deleted by its description first, and never changed.
          Files.copy(from.resolve(file), to.resolve(file));
          Files.copy(description, to.resolve(description.getFileName()));
          copied++;
        } catch (NoSuchFileException e) {
          Files.deleteIfExists(to.resolve(file)); // It was deleted meanwhile.
        }
      }
    }
    return copied;
  }

  /** The name of the reference that a description is of. */
  private static String described(Path description) {
    String fileName = description.getFileName().toString();
    return fileName.substring(0, fileName.length() - DESCRIPTION.length());
  }

  private void read(Path description) throws IOException {
    String name = described(description);
    try {
      StoredReference reference =
          StoredReference.parse(Files.readString(description), folder.resolve(name + FILE));
      if (!reference.name().equals(name)) {
        throw new IOException("it is of the reference " + reference.name());
      }
      if (!Files.isRegularFile(reference.file())) {
        throw new IOException(reference.file() + " is missing");
      }
      references.put(name, reference);
    } catch (IOException e) {
      throw new IOException(
          description + " is damaged: " + e.getMessage() + "; restore it, or move it away", e);
    }
  }

  private void reportStrays() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + FILE)) {
      for (Path file : files) {
        if (references.values().stream().noneMatch(known -> known.file().equals(file))) {
          LOG.warn("{} is ignored: it was not put here by a collector, or not wholly", file);
        }
      }
    }
  }

  /**
   * Whether other collectors may keep and delete references too.
   *
   * @return true if what is found may be older than the last {@link #refresh}
   */
  public boolean isShared() {
    return shared.isPresent();
  }

  /**
   * Hears of references that other collectors have kept or deleted by now. Takes milliseconds, but
   * as long as it takes to copy what is new; no time if nobody else keeps any. What cannot be
   * copied is said in the log, and tried again now and then.
   *
   * @throws StoreException if what is shared cannot be read
   */
  public void refresh() {
    if (shared.isPresent()) {
      String state = shared.get().state();
      if (!isCopied(state)) {
        copyAll(shared.get());
      }
    }
  }

  private boolean isCopied(String state) {
    return state.equals(copied)
        && (uncopied.isEmpty() || stopwatch.instant().isBefore(copiedAt.plus(RETRY)));
  }

  /** What is known stays so while it happens. */
  private synchronized void copyAll(ReferenceFiles files) {
    String state = files.state();
    if (isCopied(state)) {
      return; // Another thread has done it.
    }
    Map<String, ReferenceFiles.Entry> there = new LinkedHashMap<>();
    files.list().forEach(entry -> there.put(entry.name(), entry));
    for (StoredReference known : List.copyOf(references.values())) {
      ReferenceFiles.Entry entry = there.get(known.name());
      if (entry != null && entry.document().equals(known.document())) {
        there.remove(known.name());
      } else {
        removeCopy(known);
      }
    }
    uncopied.retainAll(there.keySet());
    there.values().forEach(entry -> copyOrReport(files, entry));
    copied = state;
    copiedAt = stopwatch.instant();
  }

  private void removeCopy(StoredReference reference) {
    try {
      remove(reference);
    } catch (IOException e) {
      LOG.warn("the copy of the reference {} cannot be deleted: {}", reference.id(), e.toString());
    }
  }

  private void copyOrReport(ReferenceFiles files, ReferenceFiles.Entry entry) {
    try {
      copy(files, entry);
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

  private void copy(ReferenceFiles files, ReferenceFiles.Entry entry) throws IOException {
    // Whoever can write to the database must not choose where files are written.
    Names.require("the name of a reference", entry.name());
    StoredReference reference = StoredReference.parse(entry.document(), file(entry.name()));
    if (!reference.name().equals(entry.name())) {
      throw new IOException("it is said to be the reference " + reference.name());
    }
    Path fetched = folder.resolve(entry.name() + FETCHED);
    try {
      files.fetch(entry, fetched);
      if (!Fingerprint.ofFile(fetched).equals(reference.sha256())) {
        throw new IOException("its file is not the one that was kept");
      }
      place(reference, fetched);
    } finally {
      Files.deleteIfExists(fetched);
      Files.deleteIfExists(folder.resolve(entry.name() + DESCRIPTION + FETCHED));
    }
  }

  /**
   * Finds a reference.
   *
   * @param key its name, or its id
   * @return the reference; empty if there is none of that name, or another under it
   * @throws Rejection if it is shared, but cannot be copied to the disk of this collector
   */
  public Optional<StoredReference> find(String key) {
    if (uncopied.contains(key.replaceFirst(VERSION, ""))) {
      throw new Rejection(
          Rejection.Reason.SPACE,
          Optional.empty(),
          "this collector cannot copy the reference to its disk; its log says why");
    }
    return Optional.ofNullable(references.get(key))
        .or(
            () ->
                Optional.ofNullable(references.get(key.replaceFirst(VERSION, "")))
                    .filter(reference -> reference.id().equals(key)));
  }

  /**
   * Lists references by name.
   *
   * @param after the name after which to begin; empty to begin at the first
   * @param limit the most to list, at least 1
   * @return a page
   */
  public Page<StoredReference> page(Optional<String> after, int limit) {
    List<StoredReference> found =
        after.map(name -> references.tailMap(name, false)).orElse(references).values().stream()
            .limit(limit + 1L)
            .toList();
    return new Page<>(found.subList(0, Math.min(limit, found.size())), found.size() > limit);
  }

  /**
   * How many there are.
   *
   * @return a number, at least 0
   */
  public int size() {
    return references.size();
  }

  /**
   * The reference of a name, if it is what is to be kept; there may be no other one.
   *
   * @param name a name
   * @param upload the SHA-256 of what is to be kept, or to be made a reference
   * @param said what must be said of it, by the names of {@link ReferenceDocument}
   * @return the reference, if it is there already; empty if there is none of that name
   * @throws Rejection if there is another one
   */
  Optional<StoredReference> requireSame(String name, String upload, Map<String, String> said) {
    StoredReference known = references.get(name);
    if (known == null) {
      return Optional.empty();
    }
    boolean same =
        known.digests().contains(upload)
            && said.entrySet().stream()
                .allMatch(entry -> known.says(entry.getKey(), entry.getValue()));
    if (!same) {
      throw new Rejection(
          Rejection.Reason.CONFLICT,
          Optional.empty(),
          "the name "
              + name
              + " is taken by another reference, or the same with another calibration, "
              + known.id()
              + " with the profile "
              + known.profile()
              + ": choose another name, or delete that one first");
    }
    return Optional.of(known);
  }

  /**
   * Keeps a reference.
   *
   * @param reference what is said of it; its file is where it will be
   * @param made the file as it is now, in the same file system; moved
   * @param upload the SHA-256 of what it was made from
   * @return what is kept
   * @throws Rejection if the name is taken by another one, or there are too many
   * @throws IOException if it cannot be written; then nothing has changed
   */
  Kept keep(StoredReference reference, Path made, String upload) throws IOException {
    refresh();
    return shared.isPresent()
        ? share(shared.get(), reference, made, upload)
        : keepHere(reference, made, upload);
  }

  private synchronized Kept keepHere(StoredReference reference, Path made, String upload)
      throws IOException {
    Optional<Kept> known = knownOrRoom(reference, upload);
    if (known.isPresent()) {
      return known.get();
    }
    place(reference, made);
    return new Kept(reference, true);
  }

  /** What is kept already, or nothing if there is room. */
  private Optional<Kept> knownOrRoom(StoredReference reference, String upload) {
    Map<String, String> said = Map.of("profile", reference.profile());
    Optional<StoredReference> known = requireSame(reference.name(), upload, said);
    if (known.isEmpty() && references.size() >= most) {
      throw new Rejection(
          Rejection.Reason.SPACE,
          Optional.empty(),
          "references must be at most " + most + ", and as many are kept: delete some");
    }
    return known.map(kept -> new Kept(kept, false));
  }

  /** Another collector may be first to keep one of that name. */
  private Kept share(ReferenceFiles files, StoredReference reference, Path made, String upload)
      throws IOException {
    Optional<Kept> known = knownOrRoom(reference, upload);
    if (known.isPresent()) {
      return known.get();
    }
    if (files.add(reference.name(), reference.document(), made)) {
      placeCopy(reference, made);
      return new Kept(reference, true);
    }
    refresh();
    return knownOrRoom(reference, upload)
        .orElseThrow(
            () -> new IOException("the reference " + reference.name() + " was deleted meanwhile"));
  }

  /** It is kept, whether or not there is a copy here. */
  private synchronized void placeCopy(StoredReference reference, Path made) {
    try {
      if (!references.containsKey(reference.name())) {
        place(reference, made);
      }
    } catch (IOException e) {
      LOG.warn("the reference {} was kept, but not copied: {}", reference.id(), e.toString());
    }
  }

  /** Moves a file to where it belongs, and describes it. */
  private void place(StoredReference reference, Path made) throws IOException {
    Durable.force(made);
    try {
      Durable.move(made, reference.file());
      Path description = description(reference.name());
      Path written = made.resolveSibling(description.getFileName() + FETCHED);
      Durable.write(written, reference.document());
      Durable.move(written, description);
    } catch (IOException e) {
      Files.deleteIfExists(reference.file());
      throw e;
    }
    references.put(reference.name(), reference);
  }

  /** Where the file of a reference is, or will be. */
  Path file(String name) {
    return folder.resolve(name + FILE);
  }

  private Path description(String name) {
    return folder.resolve(name + DESCRIPTION);
  }

  /**
   * Deletes a reference; what was scored against it stays.
   *
   * @param name its name
   * @return whether there was one
   * @throws IOException if the disk does not allow it
   */
  public boolean delete(String name) throws IOException {
    if (shared.isPresent()) {
      boolean isThere = shared.get().delete(name);
      refresh();
      return isThere;
    }
    return deleteHere(name);
  }

  private synchronized boolean deleteHere(String name) throws IOException {
    StoredReference reference = references.get(name);
    if (reference == null) {
      return false;
    }
    remove(reference);
    return true;
  }

  private void remove(StoredReference reference) throws IOException {
    Files.deleteIfExists(description(reference.name()));
    references.remove(reference.name());
    // A description whose file is gone would be damage, so it must be gone for good first.
    Durable.forceFolder(folder);
    Files.deleteIfExists(reference.file());
    Durable.forceFolder(folder);
  }
}
