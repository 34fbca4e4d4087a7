package dev.latentgauge.examples.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Three images of 2 x 2 pixels with their labels, as IDX files written out by hand. */
final class SmallDataset {

  static final byte[] PIXELS = {0, 1, 2, 3, 10, 11, 12, 13, -1, -2, -3, -4};

  static final byte[] LABELS = {7, 0, 2};

  static final byte[] IMAGE_FILE =
      join(new byte[] {0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 2}, PIXELS);

  static final byte[] LABEL_FILE = join(new byte[] {0, 0, 8, 1, 0, 0, 0, 3}, LABELS);

  static final String IMAGES_SHA256 = sha256(IMAGE_FILE);

  static final List<DataFile> FILES =
      List.of(
          DataFile.known("images.gz", IMAGE_FILE.length, IMAGES_SHA256),
          DataFile.known("labels.gz", LABEL_FILE.length, sha256(LABEL_FILE)));

  static final Dataset<List<ByteBuffer>> DATASET =
      new Dataset<>(
          "Small",
          "Ask the tests.",
          FILES,
          List.of(FILES),
          files -> files.stream().map(file -> ByteBuffer.wrap(file.bytes())).toList());

  private SmallDataset() {}

  static void writeTo(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("images.gz"), gzip(IMAGE_FILE));
    Files.write(folder.resolve("labels.gz"), gzip(LABEL_FILE));
  }

  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }

  static byte[] withLastByteChanged(byte[] content) {
    byte[] changed = content.clone();
    changed[changed.length - 1]++;
    return changed;
  }

  static byte[] join(byte[] head, byte[] tail) {
    byte[] all = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, all, head.length, tail.length);
    return all;
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
