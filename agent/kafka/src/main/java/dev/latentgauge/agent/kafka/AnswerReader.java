package dev.latentgauge.agent.kafka;

import dev.latentgauge.delivery.Causes;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.observation.TopicAnswer;
import dev.latentgauge.observation.WireException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what collectors tell one run, on a daemon thread of its own.
 *
 * <p>The topic is compacted and small, and read from its beginning, so that nothing is missed that
 * was said while nobody could read. Answers to other runs, to other attempts and to other trainings
 * of the name are passed over. Thread-safe.
 */
final class AnswerReader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AnswerReader.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(1);

  private final String topic;
  private final RunInfo run;
  private final byte[] key;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final Thread thread;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable Consumer<byte[], byte[]> consumer;
  private volatile Optional<Directive> directive = Optional.empty();
  private volatile Optional<String> refusal = Optional.empty();
  private boolean saidTrouble;

  private AnswerReader(String topic, RunInfo run, Supplier<Consumer<byte[], byte[]>> consumers) {
    this.topic = topic;
    this.run = run;
    this.key = run.name().getBytes(StandardCharsets.UTF_8);
    this.consumers = consumers;
    this.thread = new Thread(this::readAll, "latentgauge-directives");
    thread.setDaemon(true);
  }

  /** Reads a topic for a run from now on; the consumers that it makes are its own. */
  static AnswerReader start(
      String topic, RunInfo run, Supplier<Consumer<byte[], byte[]>> consumers) {
    AnswerReader reader = new AnswerReader(topic, run, consumers);
    reader.thread.start();
    return reader;
  }

  /** The newest directive for the run. */
  Optional<Directive> directive() {
    return directive;
  }

  /** Why nothing of the run is taken, if nothing is. */
  Optional<String> refusal() {
    return refusal;
  }

  private void readAll() {
    while (!isClosed()) {
      try {
        read();
      } catch (WakeupException e) {
        LOG.debug("woken up to end");
      } catch (RuntimeException e) {
        if (!saidTrouble) {
          saidTrouble = true;
          LOG.warn(
              "what the run {} is told cannot be read from the topic {} now (said once): {}",
              run.name(),
              topic,
              Causes.text(e));
        }
        pause();
      }
    }
  }

  private void read() {
    Consumer<byte[], byte[]> open = consumers.get();
    consumer = open;
    try {
      List<TopicPartition> partitions =
          open.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      if (partitions.isEmpty()) {
        throw new IllegalStateException("the topic must exist, but does not");
      }
      open.assign(partitions);
      open.seekToBeginning(partitions);
      while (!isClosed()) {
        open.poll(POLL).forEach(this::take);
      }
    } finally {
      consumer = null;
      open.close(CloseOptions.timeout(Duration.ZERO));
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> told) {
    if (!Arrays.equals(told.key(), key) || told.value() == null) {
      return;
    }
    try {
      TopicAnswer answer = TopicAnswer.read(new String(told.value(), StandardCharsets.UTF_8));
      if (answer.isFor(run)) {
        answer.directive().ifPresent(newest -> directive = Optional.of(newest));
        answer.refusal().ifPresent(why -> refusal = Optional.of(why));
      }
    } catch (WireException e) {
      LOG.debug("an answer in {} at {} cannot be read", topic, told.offset(), e);
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void pause() {
    try {
      boolean ended = closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
      LOG.debug("paused, and ended meanwhile: {}", ended);
    } catch (InterruptedException e) {
      // Nobody has a reason to interrupt this thread; who wants it to end says so.
      LOG.debug("interrupted", e);
    }
  }

  /** Ends soon. */
  @Override
  public void close() {
    closed.countDown();
    Consumer<byte[], byte[]> open = consumer;
    if (open != null) {
      open.wakeup();
    }
    try {
      thread.join(LONGEST_CLOSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
