package dev.latentgauge.collector.web;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** The compression of answers. */
final class Gzip {

  private static final int PIECE = 1 << 13;

  private Gzip() {}

  /** Whether gzip is listed, and not with the weight 0, which forbids it. */
  static boolean isAccepted(@Nullable String encodings) {
    return encodings != null
        && Arrays.stream(encodings.toLowerCase(Locale.ROOT).split(",", -1))
            .map(encoding -> encoding.replaceAll("\\s", ""))
            .anyMatch(
                encoding ->
                    encoding.matches("gzip(;q=.*)?") && !encoding.matches(".*;q=0(\\.0*)?"));
  }

  /** Compresses; takes 20 ms for a MB. */
  static List<Buffer> compressed(List<Buffer> plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes, PIECE)) {
      for (Buffer piece : plain) {
        for (int from = 0; from < piece.length(); from += PIECE) {
          out.write(piece.getBytes(from, Math.min(from + PIECE, piece.length())));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.of(Buffer.buffer(bytes.toByteArray()));
  }
}
