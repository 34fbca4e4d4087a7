package dev.latentgauge.delivery;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the sketches of one run to one collector, on a daemon thread and connections of its own, so
 * that no report ever waits for them.
 *
 * <p>Of each layer and probe set the newest alone waits, in memory. What the collector cannot take
 * now is sent again after a pause, unless a newer one has come; what it refuses for good is given
 * up and counted. Nothing is sent before the {@link Courier} of the run has registered it, nor if
 * the collector refuses that. Thread-safe; nothing but {@link #close} waits.
 */
public final class SketchCourier {

  private static final Logger LOG = LoggerFactory.getLogger(SketchCourier.class);
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);
  private static final Duration ABORTED = Duration.ofMillis(500);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final CollectorClient client;
  private final Courier courier;
  private final String run;
  private final Backoff backoff;
  private final Complaints complaints = new Complaints();
  private final AtomicLong dropped = new AtomicLong();
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Both are guarded by the lock.
  private final Map<String, Parcel> waiting = new LinkedHashMap<>();
  private boolean closing;

  /** What is to be sent, and the rest of the address. */
  private record Parcel(String key, String query, ByteBuffer file) {}

  private SketchCourier(
      CollectorClient client, Courier courier, String run, RandomGenerator random) {
    this.client = client;
    this.courier = courier;
    this.run = run;
    this.backoff = new Backoff(random);
    this.thread = new Thread(this::deliverAll, "latentgauge-sketches");
    thread.setDaemon(true);
  }

  /**
   * Starts a courier.
   *
   * @param client speaks to the collector, and to nobody else
   * @param courier registers the run, and is told what the answers say of it
   * @param run the name of the run
   * @param random spreads the pauses
   * @return a new courier
   */
  public static SketchCourier start(
      CollectorClient client, Courier courier, String run, RandomGenerator random) {
    SketchCourier started = new SketchCourier(client, courier, run, random);
    started.thread.start();
    return started;
  }

  /**
   * Hands over a sketch, in place of the one of the same layer and probes that waits.
   *
   * @param layer the name of the layer
   * @param probes what tells the anchors and probes from others
   * @param circumstances what else the address says, by the names of its parameters
   * @param file the sketch, as safetensors
   */
  public void add(String layer, String probes, Map<String, String> circumstances, byte[] file) {
    StringBuilder query =
        new StringBuilder("?layer=")
            .append(encoded(layer))
            .append("&probes=")
            .append(encoded(probes));
    circumstances.forEach(
        (name, value) -> query.append('&').append(name).append('=').append(encoded(value)));
    lock.lock();
    try {
      String key = layer + "/" + probes;
      waiting.put(key, new Parcel(key, query.toString(), ByteBuffer.wrap(file)));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /**
   * How many sketches were given up; those that a newer one took the place of do not count.
   *
   * @return a number, at least 0
   */
  public long dropped() {
    return dropped.get();
  }

  /**
   * Sends what waits, within a second, and stops; at once if the thread is interrupted, which it
   * stays.
   */
  public void close() {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(LAST_WORDS.toMillis());
      client.abort();
      thread.join(ABORTED.toMillis());
    } catch (InterruptedException e) {
      client.abort();
      Thread.currentThread().interrupt();
    }
  }

  private void deliverAll() {
    for (Parcel next = next(); next != null; next = next()) {
      try {
        deliver(next);
      } catch (Throwable e) {
        giveUp(e.toString());
      }
    }
  }

  /** Waits for something to send, and for being allowed to; null when that is over. */
  private @Nullable Parcel next() {
    lock.lock();
    try {
      while (!closing && (waiting.isEmpty() || !courier.isRegistered())) {
        if (waiting.isEmpty()) {
          changed.awaitUninterruptibly();
        } else {
          pause(LOOK_NANOS);
        }
      }
      if (waiting.isEmpty()) {
        return null;
      } else if (!courier.isRegistered() || client.isAborted()) {
        dropped.addAndGet(waiting.size());
        return null;
      }
      return waiting.remove(waiting.keySet().iterator().next());
    } finally {
      lock.unlock();
    }
  }

  private void deliver(Parcel next) {
    String why;
    Duration pause = Duration.ZERO;
    try {
      Answer answer =
          client.send("PUT", "v1/runs/" + run + "/sketches" + next.query(), next.file().array());
      if (answer.isTaken()) {
        courier.told(answer.receipt());
        backoff.reset();
        return;
      } else if (answer.isFinal()) {
        giveUp(answer.quoted());
        return;
      }
      why = answer.quoted();
      pause = answer.retryAfter().orElse(pause);
    } catch (IOException e) {
      why = String.valueOf(e.getMessage());
    }
    if (complaints.isNew(why)) {
      LOG.warn("sketches of run {} wait (said once for this cause): {}", run, why);
    }
    again(next, pause.isZero() ? backoff.next() : pause);
  }

  private void giveUp(String why) {
    dropped.incrementAndGet();
    if (complaints.isNew(why)) {
      LOG.warn("a sketch of run {} was given up (said once for this cause): {}", run, why);
    }
  }

  /** Puts it back unless a newer one has come, and waits; at the end nothing is tried again. */
  private void again(Parcel failed, Duration pause) {
    lock.lock();
    try {
      if (closing) {
        dropped.incrementAndGet();
        return;
      }
      waiting.putIfAbsent(failed.key(), failed);
      pause(pause.toNanos());
    } finally {
      lock.unlock();
    }
  }

  private void pause(long nanos) {
    long left = nanos;
    while (left > 0 && !closing) {
      try {
        left = changed.awaitNanos(left);
      } catch (InterruptedException e) {
        left = 0; // Nobody has a reason to interrupt this thread.
      }
    }
  }
}
