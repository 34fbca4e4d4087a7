package dev.latentgauge.collector.event;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Somebody who reads events: how far it is, and how much of what it was sent is still on its way.
 * Nothing more is sent while that is too much.
 */
final class EventReader {

  /** So much may be on its way before no more is added. */
  private static final int MOST_ON_ITS_WAY = 1 << 16;

  private final HttpServerResponse response;
  private final EventReaders.Guest guest;
  private final Predicate<String> wanted;
  private final Runnable hungry;
  private final Runnable gone;
  private final AtomicLong onItsWay = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();
  private long position;
  private long takenBefore;
  private volatile boolean isWaiting;

  /**
   * A reader.
   *
   * @param guest who it is
   * @param wanted the names of the runs whose events are wanted
   * @param position the number of the change that it knows
   * @param hungry told when it can take more, and had to wait
   * @param gone told when it takes nothing any more
   */
  EventReader(
      HttpServerResponse response,
      EventReaders.Guest guest,
      Predicate<String> wanted,
      long position,
      Runnable hungry,
      Runnable gone) {
    this.response = response;
    this.guest = guest;
    this.wanted = wanted;
    this.position = position;
    this.hungry = hungry;
    this.gone = gone;
  }

  /**
   * Sends what there is, as far as it is taken; called by one thread at a time.
   *
   * @return whether the log still had what it needs
   */
  boolean deliver(EventLog log) {
    while (!isFull()) {
      Optional<EventLog.Batch> batch = log.after(position, wanted, MOST_ON_ITS_WAY);
      if (batch.isEmpty()) {
        return false;
      }
      position = batch.get().position();
      if (batch.get().events().length() == 0) {
        return true;
      }
      write(batch.get().events());
    }
    return true;
  }

  private boolean isFull() {
    if (onItsWay.get() < MOST_ON_ITS_WAY) {
      return false;
    }
    isWaiting = true;
    // What arrived before this was said told nobody.
    return onItsWay.get() >= MOST_ON_ITS_WAY;
  }

  void write(Buffer events) {
    onItsWay.addAndGet(events.length());
    response
        .write(events)
        .onSuccess(
            written -> {
              taken.addAndGet(events.length());
              onItsWay.addAndGet(-events.length());
              if (isWaiting) {
                isWaiting = false;
                hungry.run();
              }
            })
        .onFailure(failure -> gone.run());
  }

  /**
   * Says that it is still there, and sees whether the reader is.
   *
   * @param beat what says so
   * @return false if it has taken nothing since the last time, though there was something
   */
  boolean beat(Buffer beat) {
    long now = taken.get();
    boolean takes = now > takenBefore;
    takenBefore = now;
    if (onItsWay.get() == 0) {
      write(beat);
      return true;
    }
    return takes;
  }

  boolean isOf(EventReaders.Guest other) {
    return guest.client().equals(other.client());
  }

  boolean isWelcome() {
    return guest.isWelcome().getAsBoolean();
  }

  boolean isClosed() {
    return response.ended() || response.closed();
  }

  void end() {
    if (!isClosed()) {
      response.end();
    }
  }

  void drop() {
    response.reset();
  }
}
