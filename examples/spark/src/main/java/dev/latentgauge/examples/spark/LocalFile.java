package dev.latentgauge.examples.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * A file of any Hadoop file system as one that Java can open: the file itself where it is a local
 * one, else a copy that is deleted on closing.
 */
final class LocalFile implements AutoCloseable {

  private final String original;
  private final Path path;
  private final Optional<Path> folder;

  private LocalFile(String original, Path path, Optional<Path> folder) {
    this.original = original;
    this.path = path;
    this.folder = folder;
  }

  /**
   * Fetches a file.
   *
   * @param file with its file system
   * @throws IOException if it is not there, or cannot be read
   */
  static LocalFile of(String file, Configuration configuration) throws IOException {
    org.apache.hadoop.fs.Path source = new org.apache.hadoop.fs.Path(file);
    if (source.toUri().getScheme().equals("file")) {
      return new LocalFile(file, Path.of(source.toUri().getPath()), Optional.empty());
    }
    return copied(
        file,
        copy ->
            source
                .getFileSystem(configuration)
                .copyToLocalFile(
                    /* delSrc= */ false,
                    source,
                    new org.apache.hadoop.fs.Path(copy.toUri()),
                    /* useRawLocalFileSystem= */ true));
  }

  /** A file whose content is at hand. */
  static LocalFile of(ReferenceContent content) throws IOException {
    return copied(content.file(), copy -> Files.write(copy, content.bytes()));
  }

  /** How a copy comes to its content. */
  private interface Copying {
    void to(Path copy) throws IOException;
  }

  private static LocalFile copied(String original, Copying copying) throws IOException {
    Path folder = Files.createTempDirectory("latentgauge");
    String name = new org.apache.hadoop.fs.Path(original).getName();
    LocalFile copy = new LocalFile(original, folder.resolve(name), Optional.of(folder));
    try {
      copying.to(copy.path);
      return copy;
    } catch (IOException | RuntimeException | Error e) {
      copy.close();
      throw e;
    }
  }

  /** Where it is now; its last part is the name of the original. */
  Path path() {
    return path;
  }

  /** What went wrong with the file, said of the original. */
  String reason(Exception failure) {
    return String.valueOf(failure.getMessage()).replace(path.toString(), original);
  }

  @Override
  public void close() throws IOException {
    if (folder.isPresent()) {
      Files.deleteIfExists(path);
      Files.delete(folder.get());
    }
  }
}
