package dev.latentgauge.collector;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a collector keeps its files: {@code references}, and {@code uploads} for what is on its
 * way, which is emptied at the start. One collector at a time has it.
 */
final class DataFolder implements AutoCloseable {

  private final Path folder;
  private final FileChannel lock;

  private DataFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Opens a folder, which is made if it is missing.
   *
   * @throws IOException if it cannot be made or written, or another collector has it
   */
  static DataFolder open(Path folder) throws IOException {
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!isLocked(channel)) {
        channel.close();
        throw new IOException("another collector uses it");
      }
      DataFolder opened = new DataFolder(folder, channel);
      Files.createDirectories(opened.references());
      Files.createDirectories(opened.uploads());
      opened.emptyUploads();
      return opened;
    } catch (IOException e) {
      throw new IOException("cannot keep data in " + folder.toAbsolutePath() + ": " + reason(e), e);
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      @Nullable FileLock held = channel.tryLock();
      return held != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static String reason(IOException failure) {
    return failure.getClass() == IOException.class
        ? String.valueOf(failure.getMessage())
        : failure.toString().replaceFirst("^java\\.nio\\.file\\.", "");
  }

  /** What was on its way when a collector was killed never arrived. */
  private void emptyUploads() throws IOException {
    List<Path> remains;
    try (Stream<Path> tree = Files.walk(uploads())) {
      remains =
          tree.filter(path -> !path.equals(uploads())).sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : remains) {
      Files.delete(path);
    }
  }

  Path references() {
    return folder.resolve("references");
  }

  Path uploads() {
    return folder.resolve("uploads");
  }

  /** Lets another collector have it. */
  @Override
  public void close() throws IOException {
    lock.close();
  }
}
