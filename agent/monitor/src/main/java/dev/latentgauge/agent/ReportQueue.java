package dev.latentgauge.agent;

import dev.latentgauge.agent.report.Backlog;
import dev.latentgauge.agent.report.LayerSketch;
import dev.latentgauge.agent.report.ReportRefusedException;
import dev.latentgauge.agent.report.Reporter;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes reports from the training thread, which never waits, and gives them to one reporter on a
 * thread of its own.
 *
 * <p>Observations that wait are given together, oldest first. When {@value #CAPACITY} wait, the
 * oldest is dropped for the newest: the present state of a run is worth more than its past. What a
 * reporter cannot take now is kept and given again after a pause that doubles from {@value
 * #SHORTEST_PAUSE_MILLIS} ms to {@value #LONGEST_PAUSE_MILLIS} ms. Whatever else a reporter throws,
 * its report is given up and counted, and delivery goes on. Sketches go when no observation waits,
 * the newest of each layer and probe set, and once; of these a few wait at most. Only {@link
 * #awaitDelivery} ends delivery, and a reporter that refuses the run itself.
 */
final class ReportQueue {

  static final int CAPACITY = 1024;
  static final int BATCH = 100;
  private static final long SHORTEST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;
  private static final Duration LAST_WORDS = Duration.ofMillis(500);

  private static final Logger LOG = LoggerFactory.getLogger(ReportQueue.class);

  private final Reporter reporter;
  private final OncePerCause log = new OncePerCause(LOG);
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All below are guarded by the lock.
  private final Deque<Observation> waiting = new ArrayDeque<>();
  private final Map<List<String>, LayerSketch> sketches = new LinkedHashMap<>();
  private @Nullable RunInfo run;
  private boolean begun;
  private Optional<RunEnd> end = Optional.empty();
  private boolean refused;
  private boolean abandoned;
  private long underWay;
  private long dropped;

  ReportQueue(Reporter reporter) {
    this.reporter = reporter;
    this.thread =
        new Thread(this::deliverAll, "latentgauge-" + reporter.getClass().getSimpleName());
    thread.setDaemon(true);
  }

  /** Starts the thread. */
  void begin(RunInfo run) {
    locked(() -> this.run = run);
    thread.start();
  }

  /** Hands over an observation, unless the run has ended; never waits for the reporter. */
  void add(Observation observation) {
    locked(
        () -> {
          if (refused) {
            dropped++;
            return;
          }
          if (end.isPresent()) {
            return;
          }
          if (waiting.size() == CAPACITY) {
            waiting.removeFirst();
            dropped++;
          }
          waiting.addLast(observation);
        });
  }

  /** Hands over a sketch, in place of the one of its kind that waits; never waits itself. */
  void add(LayerSketch sketch) {
    locked(
        () -> {
          if (!refused && end.isEmpty()) {
            sketches.put(List.of(sketch.layer(), sketch.probes()), sketch);
          }
        });
  }

  /** How many reports were given up, here or by the reporter. */
  long dropped() {
    long ofReporter = backlog().dropped();
    lock.lock();
    try {
      return dropped + ofReporter;
    } finally {
      lock.unlock();
    }
  }

  /** How many reports the reporter keeps on disk until it can deliver them. */
  long spooled() {
    return backlog().spooled();
  }

  private Backlog backlog() {
    try {
      return reporter.backlog();
    } catch (Throwable e) {
      log.warn("a reporter does not say what it keeps", e);
      return Backlog.NONE;
    }
  }

  /** What the reporter was last told about the training, if anything. */
  Optional<Directive> directive() {
    try {
      return reporter.directive();
    } catch (Throwable e) {
      log.warn("a reporter does not say what it was told", e);
      return Optional.empty();
    }
  }

  /** Says that nothing more will come; what waits is still delivered. */
  void end(RunEnd end) {
    locked(() -> this.end = Optional.of(end));
  }

  /**
   * Waits until all queues have delivered all, but no longer than a timeout, or half a second if
   * that is more: so long a reporter has to take what it keeps by itself. Then gives up what is
   * left, and waits half a second more for reporters to close. A thread that was interrupted waits
   * that half a second only, and stays interrupted.
   */
  static void awaitDelivery(List<ReportQueue> queues, Duration timeout, TimeSource time) {
    boolean interrupted =
        join(queues, timeout.compareTo(LAST_WORDS) > 0 ? timeout : LAST_WORDS, time);
    if (interrupted) {
      join(queues, LAST_WORDS, time);
    }
    Map<ReportQueue, Long> lost = new LinkedHashMap<>();
    queues.forEach(queue -> lost.put(queue, queue.abandon()));
    interrupted |= join(queues, LAST_WORDS, time);
    lost.forEach((queue, observations) -> queue.sayWhatIsLost(observations, timeout));
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for all threads together; answers whether this one was interrupted meanwhile. */
  private static boolean join(List<ReportQueue> queues, Duration most, TimeSource time) {
    long deadline = time.nanoTime() + most.toNanos();
    try {
      for (ReportQueue queue : queues) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - time.nanoTime());
        queue.thread.join(Math.max(1, left));
      }
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  private void sayWhatIsLost(long observations, Duration timeout) {
    if (observations > 0) {
      LOG.warn(
          "{} did not take all reports within {} of the end of the training: {} observations are"
              + " given up",
          thread.getName(),
          timeout.toMillis() / 1e3 + " s",
          observations);
    }
  }

  /** Stops the delivery, and says how many observations that leaves undelivered. */
  private long abandon() {
    lock.lock();
    try {
      long lost = waiting.size() + underWay;
      abandoned = true;
      waiting.clear();
      sketches.clear();
      dropped += lost;
      changed.signalAll();
      // Under the lock, so that the thread does not take it for a stray one.
      thread.interrupt();
      return lost;
    } finally {
      lock.unlock();
    }
  }

  private void deliverAll() {
    long pause = SHORTEST_PAUSE_MILLIS;
    Delivery delivery = next();
    while (delivery != null) {
      if (attempt(delivery)) {
        pause = SHORTEST_PAUSE_MILLIS;
        delivery = next();
      } else {
        delivery = pause(pause) ? delivery : null;
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      }
    }
    try {
      reporter.close();
    } catch (Throwable e) {
      log.warn("a reporter could not be closed", e);
    }
  }

  /** What to give next, waiting for it; null when there is nothing more to come. */
  private @Nullable Delivery next() {
    lock.lock();
    try {
      while (begun
          && waiting.isEmpty()
          && sketches.isEmpty()
          && end.isEmpty()
          && !refused
          && !abandoned) {
        changed.awaitUninterruptibly();
      }
      RunInfo info = run;
      if (info == null || refused || abandoned) {
        return null;
      }
      if (!begun) {
        begun = true;
        return new Delivery(0, () -> register(info));
      }
      if (!waiting.isEmpty()) {
        List<Observation> batch = batch();
        return new Delivery(batch.size(), () -> reporter.observed(info, batch));
      }
      Iterator<LayerSketch> left = sketches.values().iterator();
      if (left.hasNext()) {
        LayerSketch sketch = left.next();
        left.remove();
        return new Delivery(0, () -> sketch(info, sketch));
      }
      RunEnd how = end.orElseThrow();
      run = null;
      return new Delivery(0, () -> reporter.end(info, how));
    } finally {
      lock.unlock();
    }
  }

  private void register(RunInfo info) throws IOException, InterruptedException {
    try {
      reporter.begin(info);
    } catch (ReportRefusedException e) {
      LOG.error(
          "the run {} is not reported to {}, and the training goes on: {}",
          info.name(),
          reporter.getClass().getSimpleName(),
          e.getMessage());
      locked(
          () -> {
            refused = true;
            dropped += waiting.size();
            waiting.clear();
            sketches.clear();
          });
    }
  }

  /** What cannot be taken now is not tried again: the next one is worth more. */
  private void sketch(RunInfo info, LayerSketch sketch) {
    try {
      reporter.sketch(info, sketch);
    } catch (Throwable e) {
      log.warn("a sketch was given up", e);
      locked(() -> dropped++);
    }
  }

  private List<Observation> batch() {
    List<Observation> batch = new ArrayList<>();
    while (batch.size() < BATCH && !waiting.isEmpty()) {
      batch.add(waiting.removeFirst());
    }
    underWay = batch.size();
    return List.copyOf(batch);
  }

  /** Makes one call; false if it should be made again. */
  private boolean attempt(Delivery delivery) {
    try {
      clearStrayInterrupt();
      delivery.call().run();
      locked(() -> underWay = 0);
      return true;
    } catch (IOException e) {
      log.warnBriefly("reports wait, and will be sent again", e);
      return false;
    } catch (Throwable e) {
      giveUp(delivery, e);
      return true;
    }
  }

  private void giveUp(Delivery delivery, Throwable cause) {
    locked(
        () -> {
          underWay = 0;
          dropped += abandoned ? 0 : delivery.reports();
        });
    if (cause instanceof ReportRefusedException) {
      log.warnBriefly("a report was given up", cause);
    } else {
      log.warn("a report was given up", cause);
    }
  }

  /** An interrupt that is not ours would fail the next call for no reason of its own. */
  private void clearStrayInterrupt() {
    locked(
        () -> {
          if (!abandoned) {
            Thread.interrupted();
          }
        });
  }

  /**
   * Waits, but not long once the training has ended: what is left must leave soon or never.
   *
   * @return whether to go on
   */
  private boolean pause(long millis) {
    lock.lock();
    try {
      boolean ended = end.isPresent();
      long left = TimeUnit.MILLISECONDS.toNanos(ended ? SHORTEST_PAUSE_MILLIS : millis);
      while (left > 0 && !abandoned && end.isPresent() == ended) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      LOG.debug("{} was interrupted while it paused", thread.getName(), e);
    } finally {
      lock.unlock();
    }
    return isWanted();
  }

  private boolean isWanted() {
    lock.lock();
    try {
      return !abandoned;
    } finally {
      lock.unlock();
    }
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** One call of the reporter, and how many reports are lost if it is given up. */
  private record Delivery(int reports, Call call) {}

  /** A call of the reporter. */
  private interface Call {
    void run() throws IOException, InterruptedException;
  }
}
