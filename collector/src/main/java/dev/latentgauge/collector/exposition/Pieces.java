package dev.latentgauge.collector.exposition;

import io.vertx.core.buffer.Buffer;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * What is written to it, in pieces: one array that grows would be copied again and again, and be
 * there twice while it is.
 */
final class Pieces extends OutputStream {

  private static final int SIZE = 1 << 16;

  private final List<Buffer> full = new ArrayList<>();
  private byte[] piece = new byte[SIZE];
  private int used;

  @Override
  public void write(int octet) {
    if (used == SIZE) {
      next();
    }
    piece[used++] = (byte) octet;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    int from = offset;
    int end = offset + length;
    while (from < end) {
      if (used == SIZE) {
        next();
      }
      int some = Math.min(SIZE - used, end - from);
      System.arraycopy(bytes, from, piece, used, some);
      used += some;
      from += some;
    }
  }

  private void next() {
    full.add(Buffer.buffer(piece));
    piece = new byte[SIZE];
    used = 0;
  }

  /** All that was written; nothing may be written after that. */
  List<Buffer> all() {
    full.add(Buffer.buffer(piece).slice(0, used));
    return List.copyOf(full);
  }
}
