package dev.latentgauge.collector.bus;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A membership in the group of collectors: reads reports, hands them over, and commits how far all
 * is done.
 *
 * <p>Reports of one run are handled one after the other, in their order, those of different runs at
 * once, so that the store can write many together. While too many are under way the partitions are
 * paused, and the membership goes on. Used by one thread.
 */
final class Membership implements ConsumerRebalanceListener {

  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration LAST_COMMIT = Duration.ofMillis(300);

  /** Who is well hears of the brokers every few seconds, even while others join. */
  private static final Duration SILENCE = Duration.ofSeconds(15);

  /** What the brokers do not allow is found out sooner. */
  private static final Duration TRIAL = Duration.ofSeconds(5);

  private static final String SILENT = "the brokers do not answer";
  private static final int MOST_UNDER_WAY = 2000;
  private static final long MOST_BYTES_UNDER_WAY = 16 << 20;

  private final Consumer<byte[], byte[]> consumer;
  private final Reports reports;
  private final Outage outage;
  private final InstantSource stopwatch;
  private final Optional<Metric> responses;
  private final Map<TopicPartition, Lane> lanes = new HashMap<>();

  /** Of each run the last report that was handed over, until it is done. */
  private final Map<String, CompletionStage<Void>> last = new ConcurrentHashMap<>();

  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong bytesUnderWay = new AtomicLong();
  private double heard;
  private Instant heardAt;
  private Optional<Instant> assignedAt = Optional.empty();

  Membership(
      Consumer<byte[], byte[]> consumer, Reports reports, Outage outage, InstantSource stopwatch) {
    this.consumer = consumer;
    this.reports = reports;
    this.outage = outage;
    this.stopwatch = stopwatch;
    this.heardAt = stopwatch.instant();
    this.responses =
        consumer.metrics().entrySet().stream()
            .filter(entry -> entry.getKey().name().equals("response-total"))
            .filter(entry -> entry.getKey().group().equals("consumer-metrics"))
            .<Metric>map(Map.Entry::getValue)
            .findFirst();
  }

  /** Joins the group. */
  void join(String topic) {
    consumer.subscribe(List.of(topic), this);
  }

  /** Reads what there is, for a moment. */
  void turn() {
    boolean isFull =
        underWay.get() >= MOST_UNDER_WAY || bytesUnderWay.get() >= MOST_BYTES_UNDER_WAY;
    reports.crowd(isFull);
    if (isFull) {
      consumer.pause(consumer.assignment());
    } else {
      consumer.resume(consumer.paused());
    }
    try {
      consumer.poll(POLL).forEach(this::take);
    } catch (NoOffsetForPartitionException e) {
      consumer.seekToBeginning(e.partitions());
    } catch (OffsetOutOfRangeException e) {
      goOnAfterGap(e.offsetOutOfRangePartitions());
    }
    Map<TopicPartition, OffsetAndMetadata> moved = moved();
    if (!moved.isEmpty()) {
      consumer.commitAsync(
          moved,
          (offsets, failure) -> {
            if (failure != null) {
              LOG.debug("reports that are stored may come once more", failure);
            }
          });
    }
    listen();
  }

  private void take(ConsumerRecord<byte[], byte[]> message) {
    Lane lane =
        lanes.computeIfAbsent(
            new TopicPartition(message.topic(), message.partition()), partition -> new Lane());
    Lane.Slot slot = lane.enter(message.offset());
    long bytes = bytes(message);
    underWay.incrementAndGet();
    bytesUnderWay.addAndGet(bytes);
    String run = Report.key(message);
    CompletionStage<Void> before = last.getOrDefault(run, CompletableFuture.completedFuture(null));
    CompletionStage<Void> done =
        before.handle((nothing, failure) -> lane).thenCompose(own -> reports.handle(message, own));
    last.put(run, done);
    done.whenComplete(
        (nothing, failure) -> {
          if (failure == null) {
            lane.done(slot);
          }
          underWay.decrementAndGet();
          bytesUnderWay.addAndGet(-bytes);
          last.remove(run, done);
        });
  }

  private static long bytes(ConsumerRecord<byte[], byte[]> message) {
    long bytes = Math.max(0, message.serializedKeySize());
    bytes += Math.max(0, message.serializedValueSize());
    for (Header header : message.headers()) {
      bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
    }
    return bytes;
  }

  /** What was not read in time is gone; nobody else would say so. */
  private void goOnAfterGap(Map<TopicPartition, Long> positions) {
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(positions.keySet());
    beginnings.forEach(
        (partition, beginning) -> {
          long position = positions.getOrDefault(partition, 0L);
          if (beginning > position) {
            LOG.error(
                "{} reports in {} were deleted by the brokers before they were read: the topic must"
                    + " keep them for longer (retention.ms)",
                beginning - position,
                partition);
          } else {
            LOG.warn("{} was made anew, and is read from its beginning", partition);
          }
        });
    consumer.seekToBeginning(positions.keySet());
  }

  private Map<TopicPartition, OffsetAndMetadata> moved() {
    Map<TopicPartition, OffsetAndMetadata> moved = new HashMap<>();
    lanes.forEach(
        (partition, lane) ->
            lane.moved().ifPresent(offset -> moved.put(partition, new OffsetAndMetadata(offset))));
    return moved;
  }

  /**
   * Hears whether the brokers answer. A connection says little: one that nobody answers looks open
   * for minutes.
   */
  private void listen() {
    Instant now = stopwatch.instant();
    double sofar =
        responses
            .map(metric -> metric.metricValue() instanceof Double count ? count : 0.0)
            .orElse(heard + 1);
    if (sofar > heard) {
      heard = sofar;
      heardAt = now;
    }
    if (isReading()) {
      outage.isOver();
    } else if (isSilent()) {
      outage.goesOn(SILENT, SILENT);
    }
  }

  private boolean isSilent() {
    return stopwatch.instant().isAfter(heardAt.plus(SILENCE));
  }

  /** Whether there is a share of the partitions, and the brokers answer. */
  boolean isReading() {
    return assignedAt.filter(at -> !stopwatch.instant().isBefore(at.plus(TRIAL))).isPresent()
        && !isSilent();
  }

  /** How many reports are not done, of the partitions that are read here; empty if unknown. */
  OptionalDouble waiting() {
    if (!isReading()) {
      return OptionalDouble.empty();
    }
    double sum = underWay.get();
    for (TopicPartition partition : consumer.assignment()) {
      OptionalLong lag = consumer.currentLag(partition);
      if (lag.isEmpty()) {
        return OptionalDouble.empty();
      }
      sum += lag.getAsLong();
    }
    return OptionalDouble.of(sum);
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    LOG.info("reads {} more partitions of Kafka: {}", partitions.size(), partitions);
    if (assignedAt.isEmpty()) {
      assignedAt = Optional.of(stopwatch.instant());
    }
    reports.forget();
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    commit();
    onPartitionsLost(partitions);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    for (TopicPartition partition : partitions) {
      Lane lane = lanes.remove(partition);
      if (lane != null) {
        lane.close();
      }
    }
    reports.forget();
  }

  private void commit() {
    Map<TopicPartition, OffsetAndMetadata> moved = moved();
    try {
      if (!moved.isEmpty() && !isSilent()) {
        commit(moved);
      }
    } catch (KafkaException e) {
      LOG.debug("reports that are stored may come once more", e);
    }
  }

  private void commit(Map<TopicPartition, OffsetAndMetadata> moved) {
    try {
      consumer.commitSync(moved, LAST_COMMIT);
    } catch (WakeupException e) {
      // It was meant for the read that does not come any more.
      consumer.commitSync(moved, LAST_COMMIT);
    }
  }

  /** Waits for what is under way, commits, and begins nothing more. */
  void finish(Duration patience) {
    CompletableFuture<?>[] left =
        last.values().stream()
            .map(CompletionStage::toCompletableFuture)
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(left)
        .completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS)
        .handle((done, failure) -> true)
        .join();
    commit();
    onPartitionsLost(Set.copyOf(lanes.keySet()));
  }
}
