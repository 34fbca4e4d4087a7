package dev.latentgauge.collector.bus;

import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.observation.TopicAnswer;
import dev.latentgauge.observation.TopicFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/** Writes what is refused, and what runs are told. Stages complete once the brokers have it. */
final class Outbox implements AutoCloseable {

  private static final Duration LAST_WORDS = Duration.ofMillis(200);

  private final Producer<byte[], byte[]> producer;
  private final String refused;
  private final String directives;

  /** An outbox, which closes the producer in the end. */
  Outbox(Producer<byte[], byte[]> producer, String refused, String directives) {
    this.producer = producer;
    this.refused = refused;
    this.directives = directives;
  }

  /** Tells a run something, in place of what it was told before. */
  CompletionStage<Void> tell(String run, TopicAnswer answer) {
    return send(new ProducerRecord<>(directives, bytes(run), bytes(answer.json())));
  }

  /**
   * Keeps a report that was refused, as it came and with the reason. One that does not fit with
   * that is kept without its value, and where it came from says where that is.
   */
  CompletionStage<Void> refuse(ConsumerRecord<byte[], byte[]> report, Rejection why) {
    CompletableFuture<Void> sent = send(refusal(report, report.value(), why));
    return sent.exceptionallyCompose(
        failure ->
            failure instanceof RecordTooLargeException
                ? send(refusal(report, null, why))
                : CompletableFuture.failedFuture(failure));
  }

  private ProducerRecord<byte[], byte[]> refusal(
      ConsumerRecord<byte[], byte[]> report, byte @Nullable [] value, Rejection why) {
    ProducerRecord<byte[], byte[]> refusal =
        new ProducerRecord<>(refused, null, report.key(), value, report.headers());
    refusal
        .headers()
        .remove(TopicFormat.REASON)
        .remove(TopicFormat.DETAIL)
        .remove(TopicFormat.ORIGIN)
        .add(TopicFormat.REASON, bytes(why.reason().text()))
        .add(TopicFormat.DETAIL, bytes(String.valueOf(why.getMessage())))
        .add(TopicFormat.ORIGIN, bytes(origin(report)));
    return refusal;
  }

  /** Where a record is, as {@code topic-partition@offset}. */
  static String origin(ConsumerRecord<byte[], byte[]> report) {
    return report.topic() + "-" + report.partition() + "@" + report.offset();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of it too
  private CompletableFuture<Void> send(ProducerRecord<byte[], byte[]> message) {
    CompletableFuture<Void> sent = new CompletableFuture<>();
    try {
      producer.send(
          message,
          (written, failure) -> {
            if (failure == null) {
              sent.complete(null);
            } else {
              sent.completeExceptionally(failure);
            }
          });
    } catch (KafkaException | IllegalStateException e) {
      sent.completeExceptionally(e);
    }
    return sent;
  }

  @Override
  public void close() {
    producer.close(LAST_WORDS);
  }
}
