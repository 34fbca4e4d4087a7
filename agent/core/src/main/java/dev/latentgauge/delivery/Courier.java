package dev.latentgauge.delivery;

import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the reports of one run to one collector, on a daemon thread of its own.
 *
 * <p>Reports go through a spool: once handed over, they outlive this process, and whatever the
 * collector does. Before them goes what earlier processes of the run left for the same collector in
 * the same folder. What the collector cannot take now is sent again after a pause, of which {@link
 * Backoff} says how long it is unless the collector does; what it refuses for good is given up and
 * counted, and so is all of a run that it refuses. The collector takes each report once, however
 * often it comes.
 *
 * <p>Thread-safe. Handing over waits for the disk, never for the network; what is asked of it never
 * waits.
 */
public final class Courier {

  /** The most observations in one report. */
  public static final int BATCH = 100;

  /** The least that a spool may be limited to, in bytes. */
  public static final long LEAST_LIMIT = 1L << 20;

  /** What a spool is limited to unless it is told otherwise, in bytes. */
  public static final long DEFAULT_LIMIT = 256L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
  private static final Duration LONGEST_HURRIED_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

  private final Transport transport;
  private final Optional<Path> folder;
  private final Spool spool;
  private final Bell bell = new Bell();
  private final Complaints complaints = new Complaints();
  private final RandomGenerator random;
  private final Delivery own;
  private final AtomicLong droppedOfOthers = new AtomicLong();
  private final Thread thread;
  private volatile @Nullable Delivery other;

  private Courier(
      Transport transport, RunInfo run, Optional<Path> folder, long limit, RandomGenerator random) {
    this.transport = transport;
    this.folder = folder;
    this.random = random;
    Label label = new Label(transport.address(), run);
    this.spool =
        folder
            .map(path -> Spool.create(new SpoolFolder(path).newFile(label), label, limit))
            .orElseGet(() -> Spool.inMemory(label, limit));
    this.own = new Delivery(transport, spool, new Backoff(random), complaints, true);
    this.thread = new Thread(this::deliverAll, "latentgauge-courier");
    thread.setDaemon(true);
  }

  /**
   * Starts a courier, which registers the run.
   *
   * @param transport of this courier alone, and closed with it
   * @param run the run
   * @param folder where reports are kept, made if it is missing; empty to keep them in memory alone
   * @param limit the most bytes of observations that wait, at least {@link #LEAST_LIMIT}
   * @return a new courier
   */
  public static Courier start(Transport transport, RunInfo run, Optional<Path> folder, long limit) {
    return start(transport, run, folder, limit, new SplittableRandom());
  }

  static Courier start(
      Transport transport, RunInfo run, Optional<Path> folder, long limit, RandomGenerator random) {
    Courier courier = new Courier(transport, run, folder, limit, random);
    courier.thread.start();
    return courier;
  }

  /**
   * Hands over observations; they are on disk when this returns.
   *
   * @param observations in the order in which they were made
   */
  public void observed(List<Observation> observations) {
    spool.append(observations);
    bell.ring();
  }

  /**
   * Hands over the end of the run.
   *
   * @param end how it ended
   */
  public void ended(RunEnd end) {
    spool.end(end);
    bell.ring();
  }

  /**
   * The newest directive that the collector answered to this process's own reports, or to what
   * others sent of its run.
   *
   * @return the directive; empty if there was none yet
   */
  public Optional<Directive> directive() {
    return transport.directive().or(own::directive);
  }

  /** Takes the directive of a receipt for something else of the run. */
  void told(Receipt receipt) {
    own.told(receipt);
  }

  /**
   * Whether the collector has registered the run, and has not refused it since.
   *
   * @return true if it takes what this process says of the run
   */
  public boolean isRegistered() {
    return own.isAccepted();
  }

  /**
   * How many reports wait to be delivered, those of an earlier process that are under way included.
   *
   * @return a number, at least 0
   */
  public long waiting() {
    Delivery left = other;
    return spool.waiting() + (left == null ? 0 : left.spool().waiting());
  }

  /**
   * How many reports were given up.
   *
   * @return a number, at least 0
   */
  public long dropped() {
    Delivery left = other;
    return spool.dropped() + droppedOfOthers.get() + (left == null ? 0 : left.spool().dropped());
  }

  /**
   * Waits until all that was handed over is delivered or given up, or until the thread is
   * interrupted, and stops. What is not delivered stays on disk, and a line in the log says so.
   */
  public void close() {
    bell.hurry();
    boolean interrupted = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      interrupted = true;
      stop();
    }
    if (!thread.isAlive()) {
      sayWhatStays();
      spool.close();
    }
    transport.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void stop() {
    bell.stop();
    transport.abort();
    try {
      thread.join(LONGEST_STOP.toMillis());
    } catch (InterruptedException e) {
      LOG.debug("interrupted once more", e);
    }
  }

  private void sayWhatStays() {
    long kept = spool.waitingOnDisk();
    long lost = spool.waiting() - kept;
    String run = spool.label().run().name();
    if (kept > 0) {
      Path place = folder.orElseThrow().toAbsolutePath().normalize();
      LOG.warn(
          "{} reports of run {} are kept in {} and will be sent by the run's next start or by: java"
              + " -jar latentgauge.jar replay {}{}",
          kept,
          run,
          place,
          place,
          String.valueOf(transport.address().getScheme()).startsWith("http")
              ? ""
              : " --to http://COLLECTOR:9475");
    }
    if (lost > 0) {
      LOG.warn("{} reports of run {} could not be delivered and are given up", lost, run);
    }
  }

  private void deliverAll() {
    try {
      folder.ifPresent(this::deliverWhatOthersLeft);
    } catch (RuntimeException e) {
      LOG.warn("what earlier processes left cannot be delivered now", e);
    }
    deliver(own);
  }

  private void deliverWhatOthersLeft(Path place) {
    RunInfo run = spool.label().run();
    List<Path> files;
    try {
      files =
          Files.isDirectory(place)
              ? new SpoolFolder(place).of(run, transport.address())
              : List.of();
    } catch (IOException e) {
      LOG.warn(
          "{} cannot be searched for what earlier processes of {} left: {}",
          place,
          run.name(),
          e.toString());
      return;
    }
    for (Path file : files) {
      if (!bell.isStopped() && !Optional.of(file).equals(spool.file())) {
        deliverLeft(file);
      }
    }
  }

  private void deliverLeft(Path file) {
    try {
      Optional<Spool> opened = Spool.reopened(file);
      if (opened.isEmpty()) {
        return;
      }
      try (Spool left = opened.get()) {
        if (!isOfThisRun(left.label())) {
          LOG.warn("{} holds reports of another run than its name says, and is left alone", file);
          return;
        }
        Delivery delivery = new Delivery(transport, left, new Backoff(random), complaints, false);
        other = delivery;
        deliver(delivery);
        other = null;
        droppedOfOthers.addAndGet(left.dropped());
      }
    } catch (SpoolException e) {
      if (!e.isHeld()) {
        LOG.warn("what an earlier process left is left alone: {}", e.getMessage());
      }
    }
  }

  private boolean isOfThisRun(Label label) {
    return label.run().name().equals(spool.label().run().name())
        && label.collector().toString().equalsIgnoreCase(transport.address().toString());
  }

  /** Until nothing is left, or it is time to stop. */
  private void deliver(Delivery delivery) {
    boolean isOwn = delivery == own;
    while (!bell.isStopped()) {
      Delivery.Step step = step(delivery);
      switch (step.kind()) {
        case MOVED -> {}
        case WAITS -> {
          if (!isOwn) {
            deliverOwnMeanwhile();
            if (bell.isHurried()) {
              return;
            }
          }
          pause(step);
        }
        case REFUSED -> {
          LOG.warn(
              "what an earlier process of run {} left is left alone, as the collector refuses it:"
                  + " {}",
              delivery.spool().label().run().name(),
              step.why());
          return;
        }
        case IDLE -> {
          if (!isOwn || bell.isHurried()) {
            return;
          }
          bell.await();
        }
        case UNREADABLE -> {
          if (complaints.isNew(step.why())) {
            LOG.warn("reports wait on disk, but cannot be read: {}", step.why());
          }
          if (!isOwn || bell.isHurried()) {
            return;
          }
          pause(step);
        }
      }
    }
  }

  /** What waits of another process must not keep back what is reported now. */
  private void deliverOwnMeanwhile() {
    Delivery.Step.Kind kind = Delivery.Step.Kind.MOVED;
    while (kind == Delivery.Step.Kind.MOVED && !bell.isStopped()) {
      kind = step(own).kind();
    }
  }

  /** A mistake of ours must not end the delivery of what comes after it. */
  private Delivery.Step step(Delivery delivery) {
    try {
      return delivery.next();
    } catch (RuntimeException e) {
      if (complaints.isNew(e.toString())) {
        LOG.warn("the delivery failed, and is tried again (said once for this cause)", e);
      }
      return new Delivery.Step(
          Delivery.Step.Kind.WAITS, LONGEST_HURRIED_PAUSE, false, e.toString());
    }
  }

  private void pause(Delivery.Step step) {
    boolean shorten = bell.isHurried() && !step.told();
    Duration pause = step.pause();
    bell.pause(
        shorten && pause.compareTo(LONGEST_HURRIED_PAUSE) > 0 ? LONGEST_HURRIED_PAUSE : pause,
        !step.told());
  }
}
