package dev.latentgauge.collector.reference;

import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.store.Page;
import dev.latentgauge.collector.store.ReferenceFiles;
import dev.latentgauge.collector.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * The references that the collector keeps, in a folder. Where several collectors share a history,
 * they share the references in it: then the folder has copies, which {@link #refresh} makes the
 * same as those.
 *
 * <p>Thread-safe. Looking things up touches no disk; changes are on disk, or in the database, when
 * they return.
 */
public final class ReferenceLibrary {

  /** What an id adds to a name. */
  private static final String VERSION = "@[0-9a-f]{12}$";

  private final ReferenceFolder folder;
  private final int most;
  private final Optional<SharedReferences> shared;

  private ReferenceLibrary(ReferenceFolder folder, int most, Optional<SharedReferences> shared) {
    this.folder = folder;
    this.most = most;
    this.shared = shared;
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
    return new ReferenceLibrary(ReferenceFolder.open(folder), most, Optional.empty());
  }

  /**
   * Opens a library that several collectors share.
   *
   * @param copies a folder for copies of all of it; must exist, and be for nothing else
   * @param most how many references may be kept, at least 1
   * @param files what they share
   * @param stopwatch says when to try again what could not be copied
   * @return the library, with all that is shared by now, as far as it can be copied
   * @throws IOException if the folder cannot be read
   * @throws StoreException if what is shared cannot be read
   */
  public static ReferenceLibrary shared(
      Path copies, int most, ReferenceFiles files, InstantSource stopwatch) throws IOException {
    ReferenceFolder folder = ReferenceFolder.openCopies(copies);
    SharedReferences shared = new SharedReferences(files, folder, stopwatch);
    shared.refresh();
    return new ReferenceLibrary(folder, most, Optional.of(shared));
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
    shared.ifPresent(SharedReferences::refresh);
  }

  /**
   * Finds a reference.
   *
   * @param key its name, or its id
   * @return the reference; empty if there is none of that name, or another under it
   * @throws Rejection if it is shared, but cannot be copied to the disk of this collector
   */
  public Optional<StoredReference> find(String key) {
    String name = key.replaceFirst(VERSION, "");
    shared.ifPresent(files -> files.requireCopied(name));
    return Optional.ofNullable(folder.all().get(key))
        .or(
            () ->
                Optional.ofNullable(folder.all().get(name))
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
    NavigableMap<String, StoredReference> all = folder.all();
    List<StoredReference> found =
        after.map(name -> all.tailMap(name, false)).orElse(all).values().stream()
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
    return folder.all().size();
  }

  /** Where the file of a reference is, or will be. */
  Path file(String name) {
    return folder.file(name);
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
    StoredReference known = folder.all().get(name);
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
    return shared.isPresent()
        ? keepShared(shared.get(), reference, made, upload)
        : keepHere(reference, made, upload);
  }

  private synchronized Kept keepHere(StoredReference reference, Path made, String upload)
      throws IOException {
    Optional<Kept> known = knownOrRoom(reference, upload);
    if (known.isPresent()) {
      return known.get();
    }
    folder.place(reference, made);
    return new Kept(reference, true);
  }

  /** Another collector may be first to keep one of that name. */
  private Kept keepShared(
      SharedReferences files, StoredReference reference, Path made, String upload)
      throws IOException {
    files.refresh();
    Optional<Kept> known = knownOrRoom(reference, upload);
    if (known.isPresent()) {
      return known.get();
    }
    if (files.add(reference, made)) {
      return new Kept(reference, true);
    }
    files.refresh();
    return knownOrRoom(reference, upload)
        .orElseThrow(
            () -> new IOException("the reference " + reference.name() + " was deleted meanwhile"));
  }

  /** What is kept already, or nothing if there is room. */
  private Optional<Kept> knownOrRoom(StoredReference reference, String upload) {
    Map<String, String> said = Map.of("profile", reference.profile());
    Optional<StoredReference> known = requireSame(reference.name(), upload, said);
    if (known.isEmpty() && size() >= most) {
      throw new Rejection(
          Rejection.Reason.SPACE,
          Optional.empty(),
          "references must be at most " + most + ", and as many are kept: delete some");
    }
    return known.map(kept -> new Kept(kept, false));
  }

  /**
   * Deletes a reference; what was scored against it stays.
   *
   * @param name its name
   * @return whether there was one
   * @throws IOException if the disk does not allow it
   */
  public boolean delete(String name) throws IOException {
    return shared.isPresent() ? shared.get().delete(name) : deleteHere(name);
  }

  private synchronized boolean deleteHere(String name) throws IOException {
    StoredReference reference = folder.all().get(name);
    if (reference == null) {
      return false;
    }
    folder.remove(reference);
    return true;
  }
}
