package dev.latentgauge.collector.bus;

import dev.latentgauge.collector.ingest.Ingest;
import dev.latentgauge.collector.store.Store;
import dev.latentgauge.delivery.Causes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes reports from a topic of Kafka, as a member of a group of collectors.
 *
 * <p>How far was read is committed only after the reports are stored, or kept as refused, so that a
 * collector that is killed, and brokers that are, cost nothing but time; what comes twice is stored
 * once. While the brokers are away, it is tried again and again, and nothing else is kept from its
 * work. Runs on threads of its own until it is closed. Thread-safe.
 */
public final class Bus implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Bus.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(16);
  private static final Duration LAST_REPORTS = Duration.ofMillis(500);
  private static final Duration LAST_WORDS = Duration.ofMillis(200);

  private final BusOptions options;
  private final Ingest ingest;
  private final Store store;
  private final int mostBytes;
  private final InstantSource stopwatch;
  private final Outage outage;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = new Thread(this::read, "kafka");
  private final ExecutorService handling = executor("kafka-reports");

  /** What handles reports must not wait for brokers or the database. */
  private final ExecutorService patient = executor("kafka-waiting");

  private final Pause pause = new Pause(FIRST_PAUSE, LONGEST_PAUSE);
  private volatile boolean reading;
  private volatile OptionalDouble waiting = OptionalDouble.empty();
  private volatile @Nullable Consumer<byte[], byte[]> consumer;

  /**
   * A bus that takes nothing yet.
   *
   * @param options which reports
   * @param ingest takes them in
   * @param store knows the runs, and whether anything is stored
   * @param mostBytes the most bytes in one
   * @param stopwatch says how long something takes; must not jump
   */
  public Bus(
      BusOptions options, Ingest ingest, Store store, int mostBytes, InstantSource stopwatch) {
    this.options = options;
    this.ingest = ingest;
    this.store = store;
    this.mostBytes = mostBytes;
    this.stopwatch = stopwatch;
    this.outage = new Outage(options.servers());
    thread.setDaemon(true);
  }

  private static ExecutorService executor(String name) {
    return Executors.newSingleThreadExecutor(
        work -> {
          Thread thread = new Thread(work, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Begins to take reports, once; the brokers need not be up yet. */
  public void start() {
    thread.start();
  }

  /**
   * Whether reports are being taken.
   *
   * @return false while the brokers are away, or do not let it
   */
  public boolean isReading() {
    return reading;
  }

  /**
   * How many reports of the partitions that are read here are not stored yet.
   *
   * @return a number, at least 0; empty while the brokers are away
   */
  public OptionalDouble waiting() {
    return waiting;
  }

  private void read() {
    while (!isClosing()) {
      try {
        Topics.require(options);
        readAsMember();
      } catch (WakeupException e) {
        LOG.debug("woken up to end");
      } catch (RuntimeException | Error e) {
        // An Error too: nobody else would begin anew.
        if (!isClosing()) {
          outage.goesOn(String.valueOf(e.getMessage()), Causes.text(e));
        }
        LOG.debug("begins anew", e);
        pause();
      } finally {
        reading = false;
        waiting = OptionalDouble.empty();
      }
    }
  }

  private void readAsMember() {
    try (Outbox outbox =
        new Outbox(
            new KafkaProducer<>(options.producer()),
            options.refused(),
            options.directives(),
            patient)) {
      KafkaConsumer<byte[], byte[]> member = new KafkaConsumer<>(options.consumer());
      consumer = member;
      Reports reports = new Reports(ingest, store, stopwatch, mostBytes, handling, patient, outbox);
      Membership membership = new Membership(member, reports, outage, stopwatch);
      try {
        membership.join(options.topic());
        while (!isClosing()) {
          membership.turn();
          reading = membership.isReading();
          waiting = membership.waiting();
          if (reading) {
            pause.reset();
          }
        }
      } finally {
        consumer = null;
        membership.finish(LAST_REPORTS);
        member.close(CloseOptions.timeout(LAST_WORDS));
      }
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private void pause() {
    try {
      boolean ended = closing.await(pause.next().toMillis(), TimeUnit.MILLISECONDS);
      LOG.debug("paused, and ended meanwhile: {}", ended);
    } catch (InterruptedException e) {
      // Nobody has a reason to interrupt this thread; who wants it to end says so.
      LOG.debug("interrupted", e);
    }
  }

  /** Takes no more reports, and commits those that are stored; within a second, mostly. */
  @Override
  public void close() {
    closing.countDown();
    Consumer<byte[], byte[]> member = consumer;
    if (member == null) {
      thread.interrupt();
    } else {
      member.wakeup();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    handling.shutdownNow();
    patient.shutdownNow();
  }
}
