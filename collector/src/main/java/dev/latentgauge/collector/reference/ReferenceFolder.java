package dev.latentgauge.collector.reference;

import dev.latentgauge.collector.disk.Durable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * References in a folder: of each the file {@code NAME.safetensors}, and what is said of it in
 * {@code NAME.json}, which is written last. A file without its description was never acknowledged,
 * and does not count.
 *
 * <p>Thread-safe, but one reference must not be placed and removed at once. Looking at {@link #all}
 * touches no disk; changes are on disk when they return.
 */
public final class ReferenceFolder {

  private static final Logger LOG = LoggerFactory.getLogger(ReferenceFolder.class);
  private static final String FILE = ".safetensors";
  private static final String DESCRIPTION = ".json";
  private static final String FETCHED = ".fetched";

  private final Path folder;
  private final NavigableMap<String, StoredReference> references = new ConcurrentSkipListMap<>();

  private ReferenceFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Opens a folder, which must exist, and where nobody else may write.
   *
   * @throws IOException if it cannot be read, or a description in it is damaged, naming it
   */
  static ReferenceFolder open(Path path) throws IOException {
    return open(
        path,
        (description, damage) -> {
          throw new IOException(
              description + " is damaged: " + damage + "; restore it, or move it away");
        });
  }

  /**
   * Opens a folder of copies, of which those that are damaged are deleted.
   *
   * @throws IOException if it cannot be read
   */
  static ReferenceFolder openCopies(Path path) throws IOException {
    return open(
        path,
        (description, damage) -> {
          LOG.warn("{} is damaged, and copied anew: {}", description, damage);
          Files.delete(description);
          Files.deleteIfExists(description.resolveSibling(described(description) + FILE));
        });
  }

  /** What to do about a damaged description. */
  private interface Damaged {
    void found(Path description, String damage) throws IOException;
  }

  private static ReferenceFolder open(Path path, Damaged damaged) throws IOException {
    ReferenceFolder folder = new ReferenceFolder(path);
    try (DirectoryStream<Path> remains = Files.newDirectoryStream(path, "*" + FETCHED)) {
      for (Path remain : remains) {
        Files.delete(remain);
      }
    }
    try (DirectoryStream<Path> descriptions = Files.newDirectoryStream(path, "*" + DESCRIPTION)) {
      for (Path description : descriptions) {
        folder.read(description, damaged);
      }
    }
    folder.reportStrays();
    return folder;
  }

  /**
   * Tells whether references were kept in a folder.
   *
   * @param folder a folder
   * @return whether there is a description of one
   * @throws IOException if the folder cannot be read
   */
  public static boolean hasAny(Path folder) throws IOException {
    try (DirectoryStream<Path> descriptions = Files.newDirectoryStream(folder, "*" + DESCRIPTION)) {
      return descriptions.iterator().hasNext();
    }
  }

  /**
   * Copies all references of a folder that somebody may be changing.
   *
   * @param from the folder
   * @param to an empty folder
   * @return how many were copied
   * @throws IOException if a file cannot be read or written
   */
  public static int copy(Path from, Path to) throws IOException {
    int copied = 0;
    try (DirectoryStream<Path> descriptions = Files.newDirectoryStream(from, "*" + DESCRIPTION)) {
      for (Path description : descriptions) {
        Path file = from.resolve(described(description) + FILE);
        try {
          copy(description, file, to);
          copied++;
        } catch (NoSuchFileException e) {
          Files.deleteIfExists(to.resolve(file.getFileName())); // It was deleted meanwhile.
        }
      }
    }
    return copied;
  }

  /** A reference is never changed, but another one may have got its name meanwhile. */
  private static void copy(Path description, Path file, Path to) throws IOException {
    Path copy = to.resolve(description.getFileName());
    String before;
    do {
      before = Files.readString(description);
      Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      Files.copy(description, copy, StandardCopyOption.REPLACE_EXISTING);
    } while (!Files.readString(copy).equals(before));
  }

  /** The name of the reference that a description is of. */
  private static String described(Path description) {
    String fileName = description.getFileName().toString();
    return fileName.substring(0, fileName.length() - DESCRIPTION.length());
  }

  private void read(Path description, Damaged damaged) throws IOException {
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
      damaged.found(description, String.valueOf(e.getMessage()));
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

  /** All that are here, by name, as they change. */
  NavigableMap<String, StoredReference> all() {
    return Collections.unmodifiableNavigableMap(references);
  }

  /** Where the file of a reference is, or will be. */
  Path file(String name) {
    return folder.resolve(name + FILE);
  }

  private Path description(String name) {
    return folder.resolve(name + DESCRIPTION);
  }

  /** A file that is deleted when the folder is opened, for what is not a reference yet. */
  Path unfinished(String name) {
    return folder.resolve(name + FETCHED);
  }

  /**
   * Moves a file to where it belongs, and describes it.
   *
   * @param made the file, in the same file system
   * @throws IOException if that cannot be; then the reference is not here
   */
  void place(StoredReference reference, Path made) throws IOException {
    Path description = description(reference.name());
    Path written = unfinished(description.getFileName().toString());
    Durable.force(made);
    try {
      Durable.move(made, reference.file());
      Durable.write(written, reference.document());
      Durable.move(written, description);
    } catch (IOException e) {
      // The description first: one whose file is gone would be damage.
      for (Path file : List.of(description, reference.file(), written)) {
        deleteAfter(e, file);
      }
      throw e;
    }
    references.put(reference.name(), reference);
  }

  private static void deleteAfter(IOException failure, Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Deletes a reference that is here. */
  void remove(StoredReference reference) throws IOException {
    Files.deleteIfExists(description(reference.name()));
    references.remove(reference.name());
    // A description whose file is gone would be damage, so it must be gone for good first.
    Durable.forceFolder(folder);
    Files.deleteIfExists(reference.file());
    Durable.forceFolder(folder);
  }
}
