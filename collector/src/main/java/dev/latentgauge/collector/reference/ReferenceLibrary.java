package dev.latentgauge.collector.reference;

import dev.latentgauge.collector.disk.Durable;
import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.store.Page;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The references that the collector keeps, in a folder: of each the file {@code NAME.safetensors},
 * and what is said of it in {@code NAME.json}, which is written last. A file without its
 * description was never acknowledged, and does not count.
 *
 * <p>Thread-safe. Looking things up touches no disk; changes are on disk when they return.
 */
public final class ReferenceLibrary {

  private static final Logger LOG = LoggerFactory.getLogger(ReferenceLibrary.class);
  private static final String FILE = ".safetensors";
  private static final String DESCRIPTION = ".json";

  private final Path folder;
  private final int most;
  private final NavigableMap<String, StoredReference> references = new ConcurrentSkipListMap<>();

  private ReferenceLibrary(Path folder, int most) {
    this.folder = folder;
    this.most = most;
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
    ReferenceLibrary library = new ReferenceLibrary(folder, most);
    try (DirectoryStream<Path> descriptions = Files.newDirectoryStream(folder, "*" + DESCRIPTION)) {
      for (Path description : descriptions) {
        library.read(description);
      }
    }
    library.reportStrays();
    return library;
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
   * Finds a reference.
   *
   * @param key its name, or its id
   * @return the reference; empty if there is none of that name, or another under it
   */
  public Optional<StoredReference> find(String key) {
    return Optional.ofNullable(references.get(key))
        .or(
            () ->
                Optional.ofNullable(references.get(key.replaceFirst("@[0-9a-f]{12}$", "")))
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
  synchronized Kept keep(StoredReference reference, Path made, String upload) throws IOException {
    Optional<StoredReference> known =
        requireSame(reference.name(), upload, Map.of("profile", reference.profile()));
    if (known.isPresent()) {
      return new Kept(known.get(), false);
    }
    if (references.size() >= most) {
      throw new Rejection(
          Rejection.Reason.SPACE,
          Optional.empty(),
          "references must be at most " + most + ", and as many are kept: delete some");
    }
    Durable.force(made);
    try {
      Durable.move(made, reference.file());
      Path description = description(reference.name());
      Path written = made.resolveSibling(description.getFileName());
      Durable.write(written, reference.document());
      Durable.move(written, description);
    } catch (IOException e) {
      Files.deleteIfExists(reference.file());
      throw e;
    }
    references.put(reference.name(), reference);
    return new Kept(reference, true);
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
  public synchronized boolean delete(String name) throws IOException {
    StoredReference reference = references.get(name);
    if (reference == null) {
      return false;
    }
    Files.deleteIfExists(description(name));
    references.remove(name);
    // A description whose file is gone would be damage, so it must be gone for good first.
    Durable.forceFolder(folder);
    Files.deleteIfExists(reference.file());
    Durable.forceFolder(folder);
    return true;
  }
}
