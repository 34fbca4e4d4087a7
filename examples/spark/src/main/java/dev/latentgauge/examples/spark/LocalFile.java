package dev.latentgauge.examples.spark;

import dev.latentgauge.reference.InvalidFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.io.TaggedIOException;
import org.apache.commons.io.input.TaggedInputStream;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * A file of any Hadoop file system as one that Java can open: the file itself where it is a local
 * one, else a copy that is deleted on closing.
 */
final class LocalFile implements AutoCloseable {

  private static final int LONGEST_NAME = 200;

  private final String original;
  private final Path path;
  private final Optional<Path> folder;

  private LocalFile(String original, Path path, Optional<Path> folder) {
    this.original = original;
    this.path = path;
    this.folder = folder;
  }

  /** That a file cannot be read from where it is, and why, in the message. */
  static final class UnreadableException extends IOException {
    UnreadableException(@Nullable Exception cause) {
      super(String.valueOf(cause), cause);
    }
  }

  /**
   * Fetches a file.
   *
   * @param file with its file system
   * @throws UnreadableException if it is not there, or cannot be read
   * @throws IOException if this machine cannot take a copy, which another may
   */
  static LocalFile of(String file, Configuration configuration) throws IOException {
    org.apache.hadoop.fs.Path source = new org.apache.hadoop.fs.Path(file);
    if (!source.toUri().getScheme().equals("file")) {
      return copied(file, copy -> fetch(source, configuration, copy));
    }
    try {
      return new LocalFile(file, Path.of(source.toUri().getPath()), Optional.empty());
    } catch (InvalidPathException e) {
      throw new UnreadableException(e);
    }
  }

  private static void fetch(
      org.apache.hadoop.fs.Path source, Configuration configuration, Path copy) throws IOException {
    try (InputStream content = new TaggedInputStream(open(source, configuration))) {
      Files.copy(content, copy);
    } catch (TaggedIOException e) { // of the source, and not of the copy
      throw new UnreadableException(e.getCause());
    }
  }

  private static InputStream open(org.apache.hadoop.fs.Path source, Configuration configuration)
      throws UnreadableException {
    try {
      return source.getFileSystem(configuration).open(source);
    } catch (IOException | IllegalArgumentException e) {
      throw new UnreadableException(e);
    }
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
    LocalFile copy = new LocalFile(original, folder.resolve(nameOf(original)), Optional.of(folder));
    try {
      copying.to(copy.path);
      return copy;
    } catch (IOException | RuntimeException | Error e) {
      copy.close();
      throw e;
    }
  }

  /**
   * A name that is allowed in every locale and not too long, and of which a reference takes the
   * same name as of the original.
   */
  private static String nameOf(String original) {
    String name = new org.apache.hadoop.fs.Path(original).getName();
    String allowed = name.replaceAll("[^A-Za-z0-9._-]", "-");
    return allowed.substring(0, Math.min(allowed.length(), LONGEST_NAME));
  }

  /** Where it is now. */
  Path path() {
    return path;
  }

  /** What went wrong with the file, said of the original. */
  String reason(Exception failure) {
    boolean isSentence =
        failure instanceof InvalidFileException || !(failure instanceof IOException);
    String reason = isSentence ? String.valueOf(failure.getMessage()) : failure.toString();
    return reason.replace(path.toString(), original);
  }

  @Override
  public void close() throws IOException {
    if (folder.isPresent()) {
      Files.deleteIfExists(path);
      Files.delete(folder.get());
    }
  }
}
