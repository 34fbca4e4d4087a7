package dev.latentgauge.agent.kafka;

import dev.latentgauge.delivery.Causes;
import dev.latentgauge.delivery.Receipt;
import dev.latentgauge.delivery.Transport;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.observation.TopicFormat;
import dev.latentgauge.observation.Wire;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the reports of a run to a topic, one record at a time; what the brokers have acknowledged
 * is taken.
 *
 * <p>Each record brings the registration of its run along, so that a collector can tell the reports
 * of another training that has the same name and attempt, whatever it has read before. Such a run
 * is refused by an answer, see {@link AnswerReader}.
 */
final class KafkaTransport implements Transport {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaTransport.class);

  /** More than all timeouts of a producer together. */
  private static final Duration LONGEST_EXCHANGE = Duration.ofSeconds(20);

  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final URI address;
  private final String topic;
  private final RunInfo own;
  private final Supplier<Producer<byte[], byte[]>> producers;
  private final AnswerReader answers;
  private volatile boolean aborted;
  private volatile @Nullable Producer<byte[], byte[]> producer;
  private volatile @Nullable CompletableFuture<Receipt> underWay;

  /**
   * A transport that connects when it is used.
   *
   * @param own the run of this process
   * @param producers makes a producer; again if one has failed
   * @param answers reads what that run is told; closed with the transport
   */
  KafkaTransport(
      URI address,
      String topic,
      RunInfo own,
      Supplier<Producer<byte[], byte[]>> producers,
      AnswerReader answers) {
    this.address = address;
    this.topic = topic;
    this.own = own;
    this.producers = producers;
    this.answers = answers;
  }

  static KafkaTransport start(KafkaSettings settings, RunInfo own) {
    return new KafkaTransport(
        settings.address(),
        settings.topic(),
        own,
        settings::newProducer,
        AnswerReader.start(TopicFormat.directives(settings.topic()), own, settings::newConsumer));
  }

  @Override
  public URI address() {
    return address;
  }

  @Override
  public Receipt register(RunInfo run) throws IOException {
    return send(TopicFormat.Kind.REGISTRATION, run, Wire.write(run));
  }

  @Override
  public Receipt observed(RunInfo run, String body) throws IOException {
    return send(TopicFormat.Kind.OBSERVATIONS, run, body);
  }

  @Override
  public Receipt ended(RunInfo run, RunEnd end) throws IOException {
    return send(TopicFormat.Kind.END, run, Wire.write(end));
  }

  private Receipt send(TopicFormat.Kind kind, RunInfo run, String body) throws IOException {
    Optional<String> refusal = run.equals(own) ? answers.refusal() : Optional.empty();
    if (refusal.isPresent()) {
      return Receipt.of(Receipt.Kind.REFUSED, "a collector refuses the run: " + refusal.get());
    }
    ProducerRecord<byte[], byte[]> report =
        new ProducerRecord<>(topic, bytes(run.name()), bytes(body));
    report
        .headers()
        .add(TopicFormat.KIND, bytes(kind.text()))
        .add(TopicFormat.VERSION, bytes(TopicFormat.CURRENT_VERSION))
        .add(TopicFormat.RUN, bytes(Wire.write(run)));
    return sent(report);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of it too
  private Receipt sent(ProducerRecord<byte[], byte[]> report) throws IOException {
    CompletableFuture<Receipt> exchange = new CompletableFuture<>();
    underWay = exchange;
    try {
      if (aborted) {
        throw new IOException("the delivery was stopped");
      }
      producer()
          .send(
              report,
              (written, failure) -> {
                if (failure == null) {
                  exchange.complete(Receipt.TAKEN);
                } else {
                  exchange.completeExceptionally(failure);
                }
              });
      return exchange.get(LONGEST_EXCHANGE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (KafkaException e) {
      return failed(e);
    } catch (ExecutionException e) {
      return failed(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      return failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the delivery was interrupted", e);
    } finally {
      underWay = null;
    }
  }

  private Receipt failed(Throwable failure) throws IOException {
    if (failure instanceof RecordTooLargeException) {
      return Receipt.of(
          Receipt.Kind.REFUSED,
          "the topic " + topic + " does not take it: " + failure.getMessage());
    }
    if (aborted) {
      throw new IOException("the delivery was stopped", failure);
    }
    if (!(failure instanceof RetriableException)) {
      discardProducer(Duration.ZERO);
    }
    throw new IOException(
        "the topic "
            + topic
            + " cannot be written: "
            + Causes.text(failure)
            + " (brokers must be up, and the topic must exist: a collector makes it, or"
            + " kafka-topics.sh --create --topic "
            + topic
            + ")",
        failure);
  }

  /** Made here and not before, as it fails where no name server answers. */
  private Producer<byte[], byte[]> producer() {
    Producer<byte[], byte[]> open = producer;
    if (open == null) {
      open = producers.get();
      producer = open;
    }
    return open;
  }

  private void discardProducer(Duration patience) {
    Producer<byte[], byte[]> open = producer;
    producer = null;
    if (open != null) {
      try {
        open.close(patience);
      } catch (KafkaException e) {
        LOG.debug("a producer that is not used any more could not be closed", e);
      }
    }
  }

  @Override
  public Optional<Directive> directive() {
    return answers.directive();
  }

  @Override
  public void abort() {
    aborted = true;
    CompletableFuture<Receipt> exchange = underWay;
    if (exchange != null) {
      exchange.completeExceptionally(new IOException("the delivery was stopped"));
    }
  }

  @Override
  public boolean isAborted() {
    return aborted;
  }

  @Override
  public void close() {
    answers.close();
    discardProducer(LAST_WORDS);
  }

  @Override
  public String toString() {
    return "the collectors behind " + address;
  }
}
