package dev.latentgauge.collector.bus;

import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.observation.TopicAnswer;
import dev.latentgauge.observation.TopicFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Writes what is refused, and what runs are told. Stages complete once the brokers have it. A
 * producer waits for brokers that are away, so it is used on a thread that may wait.
 */
final class Outbox implements AutoCloseable {

  private static final Duration LAST_WORDS = Duration.ofMillis(200);

  private final Producer<byte[], byte[]> producer;
  private final String refused;
  private final String directives;
  private final Executor waiting;

  /**
   * An outbox, which closes the producer in the end.
   *
   * @param waiting a thread that may wait
   */
  Outbox(Producer<byte[], byte[]> producer, String refused, String directives, Executor waiting) {
    this.producer = producer;
    this.refused = refused;
    this.directives = directives;
    this.waiting = waiting;
  }

  /** The topic that says what runs are told. */
  String directives() {
    return directives;
  }

  /** Tells a run something, in place of what it was told before. */
  CompletionStage<Void> tell(String run, TopicAnswer answer) {
    return send(new ProducerRecord<>(directives, bytes(run), bytes(answer.json())));
  }

  /**
   * Keeps a report that was refused, as it came and with the reason. Of one that does not fit with
   * that the value is left out, and of one that is too large even then all that it brought; where
   * it came from says where that is.
   */
  CompletionStage<Void> refuse(ConsumerRecord<byte[], byte[]> report, Rejection why) {
    return send(refusal(report, report.key(), report.value(), report.headers(), why))
        .exceptionallyCompose(
            failure ->
                ifTooLarge(failure, refusal(report, report.key(), null, report.headers(), why)))
        .exceptionallyCompose(
            failure -> ifTooLarge(failure, refusal(report, null, null, new RecordHeaders(), why)));
  }

  private CompletionStage<Void> ifTooLarge(
      Throwable failure, ProducerRecord<byte[], byte[]> smaller) {
    Throwable cause = Failures.cause(failure);
    return cause instanceof RecordTooLargeException
        ? send(smaller)
        : CompletableFuture.failedFuture(cause);
  }

  private ProducerRecord<byte[], byte[]> refusal(
      ConsumerRecord<byte[], byte[]> report,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers brought,
      Rejection why) {
    ProducerRecord<byte[], byte[]> refusal =
        new ProducerRecord<>(refused, null, key, value, brought);
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

  private CompletionStage<Void> send(ProducerRecord<byte[], byte[]> message) {
    CompletableFuture<Void> sent = new CompletableFuture<>();
    try {
      waiting.execute(() -> send(message, sent));
    } catch (RejectedExecutionException e) {
      sent.completeExceptionally(e); // The collector ends.
    }
    return sent;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of it too
  private void send(ProducerRecord<byte[], byte[]> message, CompletableFuture<Void> sent) {
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
  }

  @Override
  public void close() {
    producer.close(LAST_WORDS);
  }
}
