package dev.latentgauge.collector.access;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What opens a door: 256 random bits, written so that those who look for leaked secrets find it,
 * and shown to nobody by accident.
 */
public final class Secret {

  /** How every token begins; 64 hexadecimal digits follow. */
  public static final String PREFIX = "lgtok_";

  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String text;

  private Secret(String text) {
    this.text = text;
  }

  static Secret token() {
    return new Secret(PREFIX + random());
  }

  static Secret session() {
    return new Secret(random());
  }

  private static String random() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  Digest digest() {
    return Digest.of(text);
  }

  /**
   * The secret itself, for the one who is to have it.
   *
   * @return visible ASCII characters
   */
  public String reveal() {
    return text;
  }

  @Override
  public String toString() {
    return "***";
  }
}
