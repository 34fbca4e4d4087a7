package dev.latentgauge.collector;

import dev.latentgauge.collector.disk.PrivateFolder;
import dev.latentgauge.collector.reference.ReferenceFolder;
import dev.latentgauge.collector.store.SqliteBackup;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/** Copies the data of a collector, which may be running. */
public final class Backup {

  private Backup() {}

  /**
   * What was copied.
   *
   * @param history whether there was a history; otherwise it is kept in PostgreSQL
   * @param references how many references
   * @param bytes how large the copy is
   */
  public record Copied(boolean history, int references, long bytes) {}

  /**
   * Makes a folder of data that a collector can be started with: the history as it is at one
   * moment, the references, and the tokens' digests. A history that is in PostgreSQL is not among
   * it.
   *
   * @param data the folder of a collector
   * @param target a folder that does not exist yet
   * @return what was copied
   * @throws IOException if there are no data, or they cannot be copied; then nothing is left
   */
  public static Copied copy(Path data, Path target) throws IOException {
    DataLayout from = new DataLayout(data);
    if (!Files.isDirectory(from.references())) {
      throw new IOException(data + " must be the data folder of a collector, but is not");
    }
    if (Files.exists(target)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    Path made = target.resolveSibling(target.getFileName() + ".unfinished");
    if (Files.exists(made)) {
      throw new FileAlreadyExistsException(
          made.toString(), null, "another backup is being made, or was broken off: delete it");
    }
    try {
      DataLayout to = new DataLayout(made);
      PrivateFolder.make(to.history());
      PrivateFolder.make(to.references());
      boolean history = SqliteBackup.copy(from.history(), to.history());
      copyTokens(from.tokens(), to.tokens());
      int references = ReferenceFolder.copy(from.references(), to.references());
      Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
      return new Copied(history, references, size(target));
    } catch (IOException | RuntimeException | Error e) {
      DataLayout.delete(made);
      throw e;
    }
  }

  /** Without them a collector on loopback would be open to everybody on the machine. */
  private static void copyTokens(Path from, Path to) throws IOException {
    if (Files.exists(from)) {
      Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
