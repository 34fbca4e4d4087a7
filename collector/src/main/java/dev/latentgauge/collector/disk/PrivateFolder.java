package dev.latentgauge.collector.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A folder that is no business of other users of the machine, where the file system knows users.
 */
public final class PrivateFolder {

  private PrivateFolder() {}

  /**
   * Makes a folder, and those above it, unless it exists; one that exists is left as it is.
   *
   * @param folder where
   * @throws IOException if it cannot be made
   */
  public static void make(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    if (hasUsers(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(folder);
    }
  }

  /**
   * Whether a file system has the permissions of POSIX.
   *
   * @param path any path on it
   * @return true if it has
   */
  public static boolean hasUsers(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
