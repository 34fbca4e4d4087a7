package dev.latentgauge.examples.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * One gzipped IDX file of unsigned bytes, and how to know that it is the right one.
 *
 * <p>The checksum is the one of the uncompressed content, because publishers and packagers compress
 * the same content to different files. It covers the header too, which therefore needs no reading.
 *
 * @param name the name of the file, such as {@code train-images-idx3-ubyte.gz}
 * @param shape the lengths of the dimensions, the number of items first
 * @param sha256 the SHA-256 of the uncompressed content, 64 hexadecimal digits
 */
record IdxArchive(String name, List<Integer> shape, String sha256) {

  IdxArchive {
    shape = List.copyOf(shape);
  }

  /** The size of the uncompressed file in bytes, with its header. */
  int size() {
    return headerSize() + shape.stream().reduce(1, Math::multiplyExact);
  }

  // Two zeros, the type, the number of dimensions, then the length of each (big-endian).
  private int headerSize() {
    return 4 + 4 * shape.size();
  }

  /**
   * Reads and checks a copy of this file. Never takes more memory than the right content needs.
   *
   * @param file the copy, whatever its name
   * @param origin what messages call the copy: the file itself, or the address that it comes from
   * @return the bytes after the header, one a value, in the order of the file
   * @throws DataException if the copy cannot be read or decompressed, or is another file
   */
  ByteBuffer read(Path file, Object origin) throws DataException {
    byte[] content = new byte[size()];
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file), 1 << 16)) {
      int length = in.readNBytes(content, 0, content.length);
      boolean longer = in.read() >= 0;
      if (length < content.length || longer) {
        throw new DataException(
            "%s is not %s: uncompressed it must have %,d bytes, but has %s"
                .formatted(origin, name, size(), longer ? "more" : "%,d".formatted(length)));
      }
    } catch (DataException e) {
      throw e;
    } catch (IOException e) {
      throw new DataException(origin + " is not a whole " + name + ": " + e, e);
    }
    String actual = HexFormat.of().formatHex(sha256Of(content));
    if (!actual.equals(sha256)) {
      throw new DataException(
          "%s is not %s: the SHA-256 of its uncompressed content must be %s, but is %s"
              .formatted(origin, name, sha256, actual));
    }
    return ByteBuffer.wrap(content).position(headerSize()).slice().asReadOnlyBuffer();
  }

  private static byte[] sha256Of(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
