package dev.latentgauge.cli;

import ai.djl.util.Platform;
import dev.latentgauge.collector.disk.PrivateFolder;
import java.io.IOException;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which DJL's native libraries lie, unpacked from the jar.
 *
 * <p>DJL unpacks into a temporary folder beside and renames it, so that one process alone leaves
 * either all of a version or nothing. What it lacks is added here. Code is loaded from the folder,
 * so others must not be able to write to it. Two processes must not unpack at once: the one that is
 * late deletes what the other has just made. What a killed process leaves, up to 450 MB, is removed
 * by the next. A library that a crash of the machine cut short is seen by its length and unpacked
 * again: to load it would end the JVM by SIGBUS, which nothing can catch, at this start and every
 * later one.
 *
 * <p>Once all is there the folder is only read, so it may be a read-only one.
 */
final class NativeFolder {

  private static final String ENGINE = "pytorch";
  private static final Pattern REMAINS = Pattern.compile("tmp\\d+|jni\\d+tmp");

  /** What may fail while the folder is locked. */
  interface Work {
    void run() throws IOException;
  }

  private final Path folder;

  private NativeFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * A folder that exists and is private to the user.
   *
   * @param place where; is made if it does not exist
   * @throws IOException if it cannot be made, or others may write to it
   */
  static NativeFolder at(Path place) throws IOException {
    Path folder = place.toAbsolutePath().normalize();
    try {
      PrivateFolder.make(folder);
      refuseIfShared(folder);
      return new NativeFolder(folder);
    } catch (FileSystemException e) {
      throw unusable(folder, e);
    }
  }

  private static void refuseIfShared(Path folder) throws IOException {
    if (!PrivateFolder.hasUsers(folder)) {
      return;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
    if (permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException(
          "the folder of the engine's native libraries must be writable by its owner alone, but "
              + folder
              + " has "
              + PosixFilePermissions.toString(permissions)
              + " (--data DIR chooses another folder)");
    }
  }

  private static IOException unusable(Path folder, IOException failure) {
    return new IOException(
        "the engine's native libraries cannot be unpacked in "
            + folder
            + ": "
            + Failure.oneLine(failure)
            + " (--data DIR chooses another folder)",
        failure);
  }

  /** The files that DJL unpacks from the class path, with their lengths; none if it has none. */
  private Map<Path, Long> libraries() throws IOException {
    Platform platform = Platform.detectPlatform(ENGINE);
    Map<Path, Long> files = new LinkedHashMap<>();
    if (platform.isPlaceholder()) {
      return files;
    }
    String flavor = platform.getFlavor();
    String classifier = platform.getClassifier();
    Path version =
        folder.resolve(ENGINE).resolve(platform.getVersion() + "-" + flavor + "-" + classifier);
    for (String library : platform.getLibraries()) {
      putLength(
          files, version.resolve(library), String.join("/", ENGINE, flavor, classifier, library));
    }
    String binding = System.mapLibraryName("djl_torch");
    putLength(
        files,
        version.resolve(platform.getApiVersion() + "-" + binding),
        String.join("/", "jnilib", classifier, flavor, binding));
    return files;
  }

  private static void putLength(Map<Path, Long> files, Path file, String resource)
      throws IOException {
    URL url = Thread.currentThread().getContextClassLoader().getResource(resource);
    if (url != null) {
      files.put(file, url.openConnection().getContentLengthLong());
    }
  }

  /** Whether all libraries are there, each of its full length. */
  boolean isComplete() throws IOException {
    Map<Path, Long> libraries = libraries();
    return !libraries.isEmpty()
        && libraries.entrySet().stream().allMatch(e -> length(e.getKey()) == e.getValue());
  }

  /** Does work while no other process unpacks into the folder; waits until that is so. */
  void whileLocked(Work work) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.lock(); // until the channel is closed, or the process killed
      work.run();
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  /** Removes what an unpacking that was cut short has left; only while locked. */
  void removeRemains() throws IOException {
    for (Map.Entry<Path, Long> library : libraries().entrySet()) {
      Path file = library.getKey();
      if (Files.exists(file) && length(file) != library.getValue()) {
        delete(file.getParent());
      }
    }
    Path unpacked = folder.resolve(ENGINE);
    if (Files.isDirectory(unpacked)) {
      try (Stream<Path> files = Files.walk(unpacked)) {
        for (Path remains : files.filter(NativeFolder::isRemains).toList()) {
          delete(remains);
        }
      }
    }
  }

  private static boolean isRemains(Path file) {
    return REMAINS.matcher(file.getFileName().toString()).matches();
  }

  private static void delete(@Nullable Path tree) throws IOException {
    if (tree == null || !Files.exists(tree)) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static long length(Path file) {
    return file.toFile().length();
  }

  /** Tells DJL, and JNA by which it looks for GPUs, to unpack here; before their first use. */
  void announce() {
    System.setProperty("ENGINE_CACHE_DIR", folder.toString());
    if (System.getProperty("DJL_CACHE_DIR") == null) {
      System.setProperty("DJL_CACHE_DIR", folder.toString());
    }
    if (Files.isWritable(folder) && System.getProperty("jna.tmpdir") == null) {
      System.setProperty("jna.tmpdir", folder.resolve("jna").toString());
    }
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
