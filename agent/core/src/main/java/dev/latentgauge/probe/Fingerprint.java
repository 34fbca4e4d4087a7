package dev.latentgauge.probe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 of arrays: of their types, shapes and numbers. */
public final class Fingerprint {

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
        digest.update(array.toByteBuffer());
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

  /** The fingerprint of each row, over all arrays. */
  static List<String> ofRows(NDList arrays) {
    int rows = Math.toIntExact(arrays.head().getShape().get(0));
    List<ByteBuffer> numbers = arrays.stream().map(NDArray::toByteBuffer).toList();
    List<String> fingerprints = new ArrayList<>(rows);
    for (int row = 0; row < rows; row++) {
      MessageDigest digest = sha256();
      for (ByteBuffer buffer : numbers) {
        int size = buffer.capacity() / rows;
        digest.update(buffer.slice(row * size, size));
      }
      fingerprints.add(HexFormat.of().formatHex(digest.digest()));
    }
    return fingerprints;
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
