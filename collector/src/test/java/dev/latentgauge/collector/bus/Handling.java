package dev.latentgauge.collector.bus;

import dev.latentgauge.collector.MutableClock;
import dev.latentgauge.collector.ingest.Ingest;
import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.ingest.Tally;
import dev.latentgauge.collector.run.RunRegistry;
import dev.latentgauge.collector.stopping.StopPolicies;
import dev.latentgauge.collector.store.Capacity;
import dev.latentgauge.collector.store.Database;
import dev.latentgauge.collector.store.SqlStore;
import dev.latentgauge.collector.store.Store;
import dev.latentgauge.observation.TopicFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Reports into a real store, whose answers stay with a producer that sends nothing. */
final class Handling implements AutoCloseable {

  static final String TOPIC = "gauge";
  static final int MOST_BYTES = 10_000;

  final MutableClock clock = new MutableClock();
  final MockProducer<byte[], byte[]> producer;
  final Store store;
  final Tally tally = new Tally();
  final Reports reports;
  final Lane lane = new Lane();
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final ExecutorService waiting = Executors.newSingleThreadExecutor();
  private long offset;

  /**
   * Reports.
   *
   * @param acknowledges whether the producer says at once that it has sent what it was given
   */
  Handling(Path folder, Capacity capacity, boolean acknowledges) throws IOException {
    producer =
        new MockProducer<>(
            acknowledges, null, new ByteArraySerializer(), new ByteArraySerializer());
    store =
        SqlStore.open(
            Database.sqlite(folder),
            capacity,
            new RunRegistry(Duration.ZERO, clock, clock),
            clock::instant,
            clock);
    Ingest ingest = new Ingest(store, new StopPolicies(store), tally, clock, 100);
    reports =
        new Reports(
            ingest,
            store,
            clock,
            MOST_BYTES,
            thread,
            waiting,
            new Outbox(
                producer, TopicFormat.refused(TOPIC), TopicFormat.directives(TOPIC), waiting));
  }

  /** A record, as an agent writes it. */
  ConsumerRecord<byte[], byte[]> message(
      @Nullable String run, @Nullable String body, Map<String, String> headers) {
    RecordHeaders all = new RecordHeaders();
    headers.forEach((name, value) -> all.add(name, bytes(value)));
    return new ConsumerRecord<>(
        TOPIC,
        3,
        offset++,
        0,
        TimestampType.CREATE_TIME,
        run == null ? -1 : run.length(),
        body == null ? -1 : body.length(),
        run == null ? null : bytes(run),
        body == null ? null : bytes(body),
        all,
        Optional.empty());
  }

  ConsumerRecord<byte[], byte[]> message(TopicFormat.Kind kind, String run, String body) {
    return message(run, body, Map.of(TopicFormat.KIND, kind.text()));
  }

  ConsumerRecord<byte[], byte[]> message(
      TopicFormat.Kind kind, String run, String body, String registration) {
    return message(run, body, Map.of(TopicFormat.KIND, kind.text(), TopicFormat.RUN, registration));
  }

  /** Handles it, and waits until nothing more is to be done. */
  void handle(ConsumerRecord<byte[], byte[]> message)
      throws InterruptedException, ExecutionException, TimeoutException {
    reports.handle(message, lane).toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  /** What was written to a topic, with what waits for it. */
  List<ProducerRecord<byte[], byte[]>> written(String topic) {
    CompletableFuture.runAsync(() -> {}, waiting).join();
    return producer.history().stream().filter(each -> each.topic().equals(topic)).toList();
  }

  /** What runs were told. */
  List<String> told() {
    return written(TopicFormat.directives(TOPIC)).stream()
        .map(each -> Report.text(each.value()))
        .toList();
  }

  /** Why reports were refused, and kept. */
  List<String> refused() {
    return written(TopicFormat.refused(TOPIC)).stream()
        .map(each -> header(each, TopicFormat.REASON))
        .toList();
  }

  static String header(ProducerRecord<byte[], byte[]> message, String name) {
    Header header = message.headers().lastHeader(name);
    return header == null ? "" : Report.text(header.value());
  }

  long rejected(Rejection.Reason reason) {
    return tally.rejected(reason);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    lane.close();
    thread.shutdownNow();
    waiting.shutdownNow();
    store.close();
  }
}
