package dev.latentgauge.examples.data;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a file of a data set has in it, uncompressed, and where that came from.
 *
 * @param origin what messages call it: a file, an address, or one of these and a file in it
 * @param bytes all of it; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Content(String origin, byte[] bytes) {

  /**
   * The lines, one after the other: those after a wrong one are never made.
   *
   * @return text in ISO-8859-1, in which every byte is a character: none is refused before its
   *     reader sees it
   */
  Iterable<Line> lines() {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return () -> {
      AtomicInteger number = new AtomicInteger();
      return text.lines().map(line -> new Line(origin, number.incrementAndGet(), line)).iterator();
    };
  }

  /** The SHA-256, 64 hexadecimal digits in lower case. */
  String sha256() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * What to throw where there is too much or too little.
   *
   * @param required how many there must be
   * @param things what they are, in the plural
   * @param actual how many there are
   */
  DataException miscounted(int required, String things, int actual) {
    return new DataException(
        "%s must have %,d %s, but has %,d".formatted(origin, required, things, actual));
  }
}
