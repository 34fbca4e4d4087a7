package dev.latentgauge.collector.bus;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/**
 * What of one partition is under way, and up to where all is done. Thread-safe.
 *
 * <p>Reports of different runs overtake each other; what is committed never goes beyond one that is
 * not done.
 */
final class Lane {

  private final Deque<Slot> underWay = new ArrayDeque<>();
  private OptionalLong position = OptionalLong.empty();
  private boolean hasMoved;
  private volatile boolean closed;

  /** The place of one record. */
  static final class Slot {
    private final long offset;
    private boolean done;

    private Slot(long offset) {
      this.offset = offset;
    }
  }

  /** Takes a record in, in the order of their offsets. */
  synchronized Slot enter(long offset) {
    Slot slot = new Slot(offset);
    underWay.add(slot);
    return slot;
  }

  /** A record needs nothing more. */
  synchronized void done(Slot slot) {
    slot.done = true;
    while (!underWay.isEmpty() && underWay.getFirst().done) {
      position = OptionalLong.of(underWay.removeFirst().offset + 1);
      hasMoved = true;
    }
  }

  /** The offset to go on from, if it has changed since this was last asked. */
  synchronized OptionalLong moved() {
    OptionalLong answer = hasMoved ? position : OptionalLong.empty();
    hasMoved = false;
    return answer;
  }

  /** Another collector has the partition: nothing more is to be begun. */
  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }
}
