package dev.latentgauge.agent.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latentgauge.delivery.Receipt;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.observation.TopicAnswer;
import dev.latentgauge.observation.TopicFormat;
import dev.latentgauge.observation.Wire;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One record after the other, with brokers that are not real. */
@Timeout(60)
class KafkaTransportTest {

  private static final RunInfo RUN =
      RunInfo.named("run").tag("lr", "0.1").withStartedAt(Instant.parse("2026-01-01T00:00:00Z"));
  private static final String ANSWERS = "gauge.directives";
  private static final TopicPartition PARTITION = new TopicPartition(ANSWERS, 0);

  private final List<MockProducer<byte[], byte[]>> producers = new ArrayList<>();
  private final MockConsumer<byte[], byte[]> consumer = consumer();
  private final AtomicLong offset = new AtomicLong();
  private boolean acknowledges = true;

  private final KafkaTransport transport =
      new KafkaTransport(
          URI.create("kafka:gauge"),
          "gauge",
          RUN,
          this::newProducer,
          AnswerReader.start(ANSWERS, RUN, () -> consumer));

  private MockProducer<byte[], byte[]> newProducer() {
    producers.add(
        new MockProducer<>(
            acknowledges, null, new ByteArraySerializer(), new ByteArraySerializer()));
    return producers.get(producers.size() - 1);
  }

  private static MockConsumer<byte[], byte[]> consumer() {
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    Node[] nodes = {new Node(1, "a", 1)};
    consumer.updatePartitions(
        ANSWERS, List.of(new PartitionInfo(ANSWERS, 0, nodes[0], nodes, nodes)));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    return consumer;
  }

  @AfterEach
  void close() {
    transport.close();
  }

  private void answer(String run, TopicAnswer answer) {
    Awaitility.await().until(() -> !consumer.assignment().isEmpty());
    consumer.addRecord(
        new ConsumerRecord<>(
            ANSWERS, 0, offset.getAndIncrement(), bytes(run), bytes(answer.json())));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String header(ProducerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  @Test
  void eachReportSaysWhatItIsAndOfWhichRun() throws Exception {
    RunEnd end = new RunEnd(RunEnd.State.COMPLETED, "").ofAttempt(1);
    assertThat(transport.register(RUN)).isEqualTo(Receipt.TAKEN);
    assertThat(transport.observed(RUN, "{\"observations\":[]}")).isEqualTo(Receipt.TAKEN);
    assertThat(transport.ended(RUN, end)).isEqualTo(Receipt.TAKEN);
    List<ProducerRecord<byte[], byte[]>> records = producers.get(0).history();
    assertThat(records)
        .allSatisfy(
            record -> {
              assertThat(record.topic()).isEqualTo("gauge");
              assertThat(record.key()).asString(StandardCharsets.UTF_8).isEqualTo("run");
              assertThat(header(record, TopicFormat.VERSION)).isEqualTo("1");
              assertThat(Wire.readRun("run", header(record, TopicFormat.RUN))).isEqualTo(RUN);
            });
    assertThat(records)
        .extracting(record -> header(record, TopicFormat.KIND))
        .containsExactly("registration", "observations", "end");
    assertThat(records)
        .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
        .containsExactly(Wire.write(RUN), "{\"observations\":[]}", Wire.write(end));
  }

  /** What becomes of a report whose producer does not acknowledge it by itself. */
  private CompletableFuture<Receipt> underWay() {
    acknowledges = false;
    int before = producers.isEmpty() ? 0 : producers.get(producers.size() - 1).history().size();
    CompletableFuture<Receipt> receipt =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return transport.register(RUN);
              } catch (IOException e) {
                throw new IllegalStateException(e.getMessage(), e);
              }
            });
    Awaitility.await()
        .until(
            () ->
                !producers.isEmpty()
                    && producers.get(producers.size() - 1).history().size() > before);
    return receipt;
  }

  @Test
  void nothingIsTakenBeforeTheBrokersHaveAcknowledgedIt() {
    CompletableFuture<Receipt> receipt = underWay();
    assertThat(receipt).isNotDone();
    producers.get(0).completeNext();
    assertThat(receipt).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo(Receipt.TAKEN);
  }

  @Test
  void oneThatIsTooLargeForTheTopicIsRefused() {
    CompletableFuture<Receipt> receipt = underWay();
    producers.get(0).errorNext(new RecordTooLargeException("1 is more than 0"));
    assertThat(receipt)
        .succeedsWithin(30, TimeUnit.SECONDS)
        .isEqualTo(
            Receipt.of(Receipt.Kind.REFUSED, "the topic gauge does not take it: 1 is more than 0"));
  }

  @Test
  void brokersThatAreAwayAreAskedAgainWithTheSameProducer() throws Exception {
    CompletableFuture<Receipt> receipt = underWay();
    producers.get(0).errorNext(new TimeoutException("no answer"));
    assertThat(receipt)
        .failsWithin(30, TimeUnit.SECONDS)
        .withThrowableThat()
        .withMessageContaining("the topic gauge cannot be written")
        .withMessageContaining("kafka-topics.sh --create --topic gauge")
        .withMessageContaining("no answer");
    CompletableFuture<Receipt> again = underWay();
    producers.get(0).completeNext();
    assertThat(again).succeedsWithin(30, TimeUnit.SECONDS);
    assertThat(producers).hasSize(1);
  }

  @Test
  void aProducerThatIsOfNoMoreUseIsReplaced() throws Exception {
    CompletableFuture<Receipt> receipt = underWay();
    producers.get(0).errorNext(new AuthenticationException("who?"));
    assertThat(receipt).failsWithin(30, TimeUnit.SECONDS);
    assertThat(producers.get(0).closed()).isTrue();
    acknowledges = true;
    assertThat(transport.register(RUN)).isEqualTo(Receipt.TAKEN);
    assertThat(producers).hasSize(2);
  }

  @Test
  void anExchangeThatIsUnderWayIsEndedByAnAbortAndNoneFollows() {
    CompletableFuture<Receipt> receipt = underWay();
    transport.abort();
    assertThat(receipt).failsWithin(30, TimeUnit.SECONDS);
    assertThatThrownBy(() -> transport.register(RUN))
        .isInstanceOf(IOException.class)
        .hasMessage("the delivery was stopped");
  }

  @Test
  void itIsToldWhatIsMeantForItsOwnRunAndAttempt() {
    assertThat(transport.directive()).isEmpty();
    answer("other", TopicAnswer.of(RUN, Directive.stop("another run")));
    answer("run", TopicAnswer.of(RUN.withAttempt(2), Directive.stop("another attempt")));
    answer(
        "run",
        TopicAnswer.of(RUN.withStartedAt(Instant.EPOCH), Directive.stop("another training")));
    answer("run", TopicAnswer.of(RUN, Directive.stop("flat")));
    Awaitility.await().until(() -> transport.directive().isPresent());
    assertThat(transport.directive()).contains(Directive.stop("flat"));
    answer("run", TopicAnswer.of(RUN, Directive.CONTINUE));
    Awaitility.await().until(() -> transport.directive().orElseThrow().equals(Directive.CONTINUE));
  }

  @Test
  void aRunThatACollectorRefusesSendsNothingMore() throws Exception {
    answer("run", TopicAnswer.refusal(RUN, "another training has it"));
    Awaitility.await().until(() -> transport.observed(RUN, "{}").kind() == Receipt.Kind.REFUSED);
    int sent = producers.isEmpty() ? 0 : producers.get(0).history().size();
    assertThat(transport.register(RUN))
        .isEqualTo(
            Receipt.of(
                Receipt.Kind.REFUSED, "a collector refuses the run: another training has it"));
    assertThat(producers.isEmpty() ? 0 : producers.get(0).history().size()).isEqualTo(sent);
    // What an earlier attempt left is another matter.
    assertThat(transport.register(RUN.withAttempt(7))).isEqualTo(Receipt.TAKEN);
  }
}
