package dev.latentgauge.collector.event;

import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.run.RunListener;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who read events, as browsers do with an {@code EventSource}: each is sent every change of
 * the runs that it wants, in the order in which they were committed. One that reads more slowly
 * than runs change is sent the newest change of each; one that takes nothing at all, or is behind
 * by more than is kept, is dropped.
 *
 * <p>Who commits a change only notes it; a worker thread writes events and sends them, one pass
 * over all readers at a time, with the changes that came during one pass together in the next.
 * Thread-safe.
 */
public final class EventReaders implements RunListener, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EventReaders.class);
  private static final int RETRY_MS = 2000;

  private final Vertx vertx;
  private final Context deliveries;
  private final EventLog log;
  private final EventLimits limits;
  private final InstantSource clock;
  private final Set<EventReader> readers = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean isDue = new AtomicBoolean();
  private final AtomicLong dropped = new AtomicLong();
  private final long timer;
  private volatile boolean isClosed;

  /**
   * Nobody yet.
   *
   * @param vertx sends
   * @param limits how many there may be, and how much is kept for them
   * @param document writes a run in one line of JSON
   * @param clock tells readers the time, so that those with another can tell how old a word is
   */
  public EventReaders(
      Vertx vertx, EventLimits limits, Function<Run, String> document, InstantSource clock) {
    this.vertx = vertx;
    this.deliveries = vertx.getOrCreateContext();
    this.limits = limits;
    this.clock = clock;
    this.log = new EventLog(limits, document);
    this.timer = vertx.setPeriodic(limits.heartbeat().toMillis(), fired -> beat());
  }

  /**
   * Who reads.
   *
   * @param client a name that is the same for the same client
   * @param isWelcome whether it may still read; asked at each heartbeat
   */
  public record Guest(String client, BooleanSupplier isWelcome) {}

  @Override
  public void changed(Run run) {
    log.changed(run);
    deliverSoon();
  }

  @Override
  public void deleted(String name) {
    log.deleted(name);
    deliverSoon();
  }

  @Override
  public void sketched(String run, String layer, String probes, long step) {
    log.sketched(run, layer, probes, step);
    deliverSoon();
  }

  /** Readers are told to read anew. */
  @Override
  public void startedOver(List<Run> recent) {
    log.startOver();
    deliverSoon();
  }

  /**
   * Takes a reader in, if there is room; from now on its response is sent to.
   *
   * @param begin begins the response, with its headers set and nothing written; called if there is
   *     room
   * @param wanted the names of the runs whose events are wanted
   * @param lastId the id of the last event that it got, if it was here before
   * @param guest who it is
   * @throws Rejection if there are too many readers, or too many of the same client
   */
  public synchronized void add(
      Supplier<HttpServerResponse> begin,
      Predicate<String> wanted,
      Optional<String> lastId,
      Guest guest) {
    if (readers.stream().filter(reader -> reader.isOf(guest)).count() >= limits.readersOfClient()) {
      throw tooMany(limits.readersOfClient() + " of one client");
    }
    if (isClosed || readers.size() >= limits.readers()) {
      throw tooMany(Integer.toString(limits.readers()));
    }
    HttpServerResponse response = begin.get();
    OptionalLong known = lastId.map(log::position).orElseGet(OptionalLong::empty);
    long position = known.orElseGet(log::last);
    EventReader reader =
        new EventReader(response, guest, wanted, position, this::deliverSoon, this::removeClosed);
    response.closeHandler(closed -> readers.remove(reader));
    response.exceptionHandler(failure -> readers.remove(reader));
    readers.add(reader);
    reader.write(greeting(position, lastId.isPresent() && known.isEmpty()));
    deliverSoon();
  }

  private static Rejection tooMany(String most) {
    return Rejection.until(
        Rejection.Reason.READERS,
        "readers of events must be at most "
            + most
            + ", and as many are connected: try again later",
        Duration.ofSeconds(10));
  }

  /** Says from where it goes on, with a {@code reset} if that is not where the reader was. */
  private Buffer greeting(long position, boolean isReset) {
    return Buffer.buffer(
            "retry: "
                + RETRY_MS
                + "\nid: "
                + log.id(position)
                + (isReset ? "\nevent: reset\ndata: {}" : "")
                + "\n\n")
        .appendBuffer(heartbeat());
  }

  private Buffer heartbeat() {
    return Buffer.buffer("event: beat\ndata: {\"time\":\"" + clock.instant() + "\"}\n\n");
  }

  private void deliverSoon() {
    if (!readers.isEmpty() && !isClosed && !isDue.getAndSet(true)) {
      deliveries
          .executeBlocking(this::deliver, true)
          .onFailure(failure -> LOG.error("events cannot be delivered", failure));
    }
  }

  private boolean deliver() {
    isDue.set(false);
    for (EventReader reader : readers) {
      if (!reader.isClosed() && !reader.deliver(log)) {
        drop(reader);
      }
    }
    return true;
  }

  private void removeClosed() {
    readers.removeIf(EventReader::isClosed);
  }

  private void beat() {
    Buffer beat = heartbeat();
    for (EventReader reader : readers) {
      if (!reader.isWelcome()) {
        reader.end();
      } else if (!reader.beat(beat)) {
        drop(reader);
      }
    }
    removeClosed();
  }

  private void drop(EventReader reader) {
    if (readers.remove(reader)) {
      dropped.incrementAndGet();
      reader.drop();
    }
  }

  /**
   * How many read.
   *
   * @return a number, at least 0
   */
  public int count() {
    return readers.size();
  }

  /**
   * How many were dropped since the process began.
   *
   * @return a number, at least 0
   */
  public long dropped() {
    return dropped.get();
  }

  /** Ends all streams, and takes in nobody any more. */
  @Override
  public synchronized void close() {
    isClosed = true;
    vertx.cancelTimer(timer);
    readers.forEach(EventReader::end);
    readers.clear();
  }
}
