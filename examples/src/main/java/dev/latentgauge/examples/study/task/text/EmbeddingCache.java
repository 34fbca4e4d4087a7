package dev.latentgauge.examples.study.task.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Sentence embeddings on disk, so that each is computed once.
 *
 * <p>There is a file for each encoder and list of sentences, whose name depends on all their bytes:
 * the n x d numbers as big-endian float32, then the SHA-256 of these. A file that is damaged is
 * made anew. Files appear whole or not at all, so that processes may share a folder.
 */
public final class EmbeddingCache {

  private static final int NAME_BYTES = 8;

  private final Path folder;

  /**
   * Uses a folder.
   *
   * @param folder made when needed
   */
  public EmbeddingCache(Path folder) {
    this.folder = folder;
  }

  /**
   * Reads the embeddings of some sentences, or makes them.
   *
   * @param encoder what embeds
   * @param sentences n sentences
   * @return n x d, as {@link SentenceEncoder#embed} makes them
   * @throws IOException if the encoder cannot be used, or the folder cannot be written to
   */
  public float[][] embeddings(SentenceEncoder encoder, List<String> sentences) throws IOException {
    Path file = file(encoder, sentences);
    Optional<float[][]> kept = read(file, sentences.size());
    if (kept.isPresent()) {
      return kept.get();
    }
    float[][] made = encoder.embed(sentences);
    write(file, made);
    return made;
  }

  /** Where the embeddings of some sentences are kept. */
  Path file(SentenceEncoder encoder, List<String> sentences) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream tokenizer = encoder.tokenizer();
        InputStream weights = encoder.weights()) {
      digest.update(sha256(tokenizer));
      digest.update(sha256(weights));
    }
    digest.update(encoder.prefix().getBytes(StandardCharsets.UTF_8));
    for (String sentence : sentences) {
      digest.update(sha256().digest(sentence.getBytes(StandardCharsets.UTF_8)));
    }
    String key = HexFormat.of().formatHex(digest.digest(), 0, NAME_BYTES);
    return folder.resolve(encoder.name().toLowerCase(Locale.ROOT) + "-" + key + ".embeddings");
  }

  /** Keeps embeddings in a file. */
  void write(Path file, float[][] embeddings) throws IOException {
    MessageDigest digest = sha256();
    int length = embeddings.length * SentenceEncoder.DIMENSIONS * Float.BYTES;
    ByteBuffer bytes = ByteBuffer.allocate(length + digest.getDigestLength());
    for (float[] embedding : embeddings) {
      for (float value : embedding) {
        bytes.putFloat(value);
      }
    }
    digest.update(bytes.array(), 0, length);
    bytes.put(digest.digest());
    Files.createDirectories(folder);
    Path part = Files.createTempFile(folder, file.getFileName().toString(), ".part");
    try {
      Files.write(part, bytes.array());
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static Optional<float[][]> read(Path file, int n) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    MessageDigest digest = sha256();
    int length = n * SentenceEncoder.DIMENSIONS * Float.BYTES;
    if (bytes.length != length + digest.getDigestLength()) {
      return Optional.empty();
    }
    digest.update(bytes, 0, length);
    if (!Arrays.equals(digest.digest(), Arrays.copyOfRange(bytes, length, bytes.length))) {
      return Optional.empty();
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
    float[][] embeddings = new float[n][SentenceEncoder.DIMENSIONS];
    for (float[] embedding : embeddings) {
      for (int i = 0; i < embedding.length; i++) {
        embedding[i] = buffer.getFloat();
      }
    }
    return Optional.of(embeddings);
  }

  private static byte[] sha256(InputStream stream) throws IOException {
    return sha256().digest(stream.readAllBytes());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
