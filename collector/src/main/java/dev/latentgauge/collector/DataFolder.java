package dev.latentgauge.collector;

import dev.latentgauge.collector.disk.PrivateFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a collector keeps its files: {@code history} for runs, unless they are kept elsewhere,
 * {@code references}, or {@code reference-copies} of those that are kept elsewhere, and {@code
 * uploads} for what is on its way, of which what a collector left there is deleted at the start.
 * One collector at a time has it.
 */
final class DataFolder implements AutoCloseable {

  private static final Pattern UPLOAD =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  /** More than a file system may find room for where it keeps the names. */
  private static final int TRIAL_BYTES = 4096;

  private final DataLayout layout;
  private final FileChannel lock;

  private DataFolder(DataLayout layout, FileChannel lock) {
    this.layout = layout;
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
      return new DataFolder(new DataLayout(folder), channel).prepared();
    } catch (IOException e) {
      throw new IOException("cannot keep data in " + folder.toAbsolutePath() + ": " + reason(e), e);
    }
  }

  private DataFolder prepared() throws IOException {
    try {
      // References may carry inputs, and runs say by which commands they were started.
      PrivateFolder.make(layout.history());
      PrivateFolder.make(layout.references());
      PrivateFolder.make(layout.referenceCopies());
      PrivateFolder.make(layout.uploads());
      emptyUploads();
      return this;
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw e;
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

  /**
   * What was on its way when a collector was killed never arrived. Anything else is not ours, even
   * if its folder has the same name.
   */
  private void emptyUploads() throws IOException {
    List<Path> remains;
    try (Stream<Path> folders = Files.list(layout.uploads())) {
      remains = folders.filter(DataFolder::isUpload).toList();
    }
    for (Path folder : remains) {
      DataLayout.delete(folder);
    }
  }

  /** Uploads have folders that are called after a random UUID. */
  private static boolean isUpload(Path path) {
    return UPLOAD.matcher(path.getFileName().toString()).matches();
  }

  DataLayout layout() {
    return layout;
  }

  /**
   * Writes a file and deletes it.
   *
   * @throws IOException if it cannot, as on a disk that is full
   */
  void tryOut() throws IOException {
    Path file = layout.folder().resolve("health");
    Files.write(file, new byte[TRIAL_BYTES]);
    Files.delete(file);
  }

  /** Lets another collector have it. */
  @Override
  public void close() throws IOException {
    lock.close();
  }
}
