package dev.latentgauge.probe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** SHA-256 of arrays, of their types, shapes and numbers, of files and of bytes. */
public final class Fingerprint {

  private static final int FILE_PIECE = 1 << 16;

  private Fingerprint() {}

  /**
   * The fingerprint of arrays in their order.
   *
   * @param lists the arrays, dense, on any device
   * @return 64 hexadecimal digits
   */
  public static String of(Collection<NDList> lists) {
    MessageDigest digest = sha256();
    for (NDList arrays : lists) {
      for (NDArray array : arrays) {
        digest.update(header(array));
        ArrayBytes.handOver(array, digest::update);
      }
      digest.update((byte) '\n');
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * The fingerprint of arrays in their order, and of what they mean.
   *
   * @param meaning a text that tells equal arrays apart
   * @param lists the arrays, on any device
   * @return 64 hexadecimal digits
   */
  public static String of(String meaning, Collection<NDList> lists) {
    MessageDigest digest = sha256();
    digest.update((meaning + "\n" + of(lists)).getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * The fingerprint of each row, over all arrays.
   *
   * @param arrays of equally many rows, dense, on any device
   * @return 64 hexadecimal digits for each row
   */
  public static List<String> ofRows(NDList arrays) {
    int rows = Math.toIntExact(arrays.head().getShape().get(0));
    List<MessageDigest> digests = Stream.generate(Fingerprint::sha256).limit(rows).toList();
    for (NDArray array : arrays) {
      long bytes = array.getShape().size() * array.getDataType().getNumOfBytes();
      ArrayBytes.handOver(array, new RowDigests(digests, bytes / Math.max(1, rows))::update);
    }
    return digests.stream().map(digest -> HexFormat.of().formatHex(digest.digest())).toList();
  }

  /**
   * The fingerprint of a file. Takes two to three seconds a GB.
   *
   * @param file what to read
   * @return 64 hexadecimal digits
   * @throws IOException if it cannot be read
   */
  public static String ofFile(Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] piece = new byte[FILE_PIECE];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        digest.update(piece, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * The fingerprint of bytes in memory.
   *
   * @param bytes what to read
   * @return 64 hexadecimal digits
   */
  public static String ofBytes(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  /** Gives the bytes of an array to the digests of its rows. */
  private static final class RowDigests {

    private final List<MessageDigest> digests;
    private final long rowSize;
    private long position;

    RowDigests(List<MessageDigest> digests, long rowSize) {
      this.digests = digests;
      this.rowSize = rowSize;
    }

    void update(ByteBuffer bytes) {
      while (bytes.hasRemaining()) {
        int row = (int) (position / rowSize);
        int length = (int) Math.min(bytes.remaining(), (row + 1) * rowSize - position);
        digests.get(row).update(bytes.slice(bytes.position(), length));
        bytes.position(bytes.position() + length);
        position += length;
      }
    }
  }

  private static byte[] header(NDArray array) {
    String text = array.getDataType() + " " + array.getShape() + "\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
