package dev.latentgauge.examples.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A file of a data set, and how to know that it is the right one.
 *
 * <p>Sizes and checksums are those of the uncompressed content, because publishers and packagers
 * compress the same content to different files.
 *
 * @param name the name of the file; one that ends in {@code .gz} or {@code .tgz} is gzipped
 * @param members the names of the files in it that matter, if it is a tar archive ({@code .tgz})
 * @param largest how many bytes its content may have; no more are ever held in memory
 * @param check what the content must pass
 */
record DataFile(String name, List<String> members, int largest, Check check) {

  /** Tells the right content from another. */
  @FunctionalInterface
  interface Check {

    /** Passes everything: whoever reads the content checks it. */
    Check NONE = contents -> {};

    /**
     * Refuses content.
     *
     * @param contents what the file has in it, an item for each member
     * @throws DataException if this is another content, with its origin and the reason
     */
    void check(List<Content> contents) throws DataException;
  }

  DataFile {
    members = List.copyOf(members);
  }

  /**
   * A file whose content is known to the last byte.
   *
   * @param name the name of the file
   * @param size of its content in bytes
   * @param sha256 of its content, 64 hexadecimal digits in lower case
   */
  static DataFile known(String name, int size, String sha256) {
    return new DataFile(
        name, List.of(), size, contents -> check(name, size, sha256, contents.get(0)));
  }

  /**
   * A file that its reader has to check, because its content may differ from copy to copy.
   *
   * @param name the name of the file
   * @param largest how many bytes its content may have
   */
  static DataFile unknown(String name, int largest) {
    return new DataFile(name, List.of(), largest, Check.NONE);
  }

  /**
   * Reads and checks a copy of this file.
   *
   * @param file the copy, whatever its name
   * @param origin what messages call the copy: the file itself, or the address that it comes from
   * @return the content, or that of each member
   * @throws DataException if the copy cannot be read or decompressed, or is another file
   */
  List<Content> read(Path file, Object origin) throws DataException {
    Content content = new Content(origin.toString(), bytes(file, origin));
    List<Content> contents =
        members.isEmpty() ? List.of(content) : TarArchive.members(content, members);
    check.check(contents);
    return contents;
  }

  private byte[] bytes(Path file, Object origin) throws DataException {
    try (InputStream in = open(file)) {
      byte[] bytes = new byte[largest];
      int length = in.readNBytes(bytes, 0, largest);
      if (in.read() >= 0) {
        throw new DataException(
            "%s is not %s: uncompressed it must have at most %,d bytes, but has more"
                .formatted(origin, name, largest));
      }
      return length == largest ? bytes : Arrays.copyOf(bytes, length);
    } catch (DataException e) {
      throw e;
    } catch (IOException e) {
      throw new DataException(origin + " is not a whole " + name + ": " + e, e);
    }
  }

  private InputStream open(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    if (!name.endsWith("gz")) {
      return in;
    }
    try {
      return new GZIPInputStream(in, 1 << 16);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private static void check(String name, int size, String sha256, Content content)
      throws DataException {
    if (content.bytes().length != size) {
      throw new DataException(
          "%s is not %s: uncompressed it must have %,d bytes, but has %,d"
              .formatted(content.origin(), name, size, content.bytes().length));
    }
    if (!content.sha256().equals(sha256)) {
      throw new DataException(
          "%s is not %s: the SHA-256 of its uncompressed content must be %s, but is %s"
              .formatted(content.origin(), name, sha256, content.sha256()));
    }
  }
}
