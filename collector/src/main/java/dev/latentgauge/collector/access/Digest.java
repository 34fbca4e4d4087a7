package dev.latentgauge.collector.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The SHA-256 of a {@link Secret}, which is all that is kept of one. Immutable.
 *
 * <p>A slow hash with salt is for secrets that people think up and that can be guessed. These have
 * 256 random bits: nobody can try them all, no two are equal, and so a fast hash gives nothing
 * away, while it costs an attacker's requests no more than microseconds here. Comparing takes the
 * same time wherever two digests differ.
 */
final class Digest {

  private static final int BYTES = 32;

  private final byte[] bytes;

  private Digest(byte[] bytes) {
    this.bytes = bytes;
  }

  static Digest of(String secret) {
    try {
      return new Digest(
          MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * Reads a digest.
   *
   * @throws IllegalArgumentException if it is not 64 hexadecimal digits
   */
  static Digest parse(String hex) {
    if (hex.length() != 2 * BYTES) {
      throw new IllegalArgumentException(
          "a SHA-256 must have 64 hexadecimal digits, but has " + hex.length() + " characters");
    }
    return new Digest(HexFormat.of().parseHex(hex));
  }

  String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Digest digest && MessageDigest.isEqual(bytes, digest.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "a digest";
  }
}
