package dev.latentgauge.collector.bus;

import static dev.latentgauge.collector.bus.Handling.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.LoggedLines;
import dev.latentgauge.collector.Observations;
import dev.latentgauge.collector.run.RunState;
import dev.latentgauge.collector.store.Capacity;
import dev.latentgauge.observation.TopicFormat.Kind;
import dev.latentgauge.observation.Wire;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How far a member of the group reads and commits; the brokers are not real, the store is. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MembershipTest {

  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 3);

  private static final String END = "{\"state\":\"completed\"}";

  @TempDir private Path folder;
  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
  private Handling handling;
  private Membership membership;

  @BeforeEach
  void join() throws Exception {
    handling = new Handling(folder, new Capacity(2, 10, 10, 5000, 1L << 30), true);
    membership = joined(consumer);
    handling.clock.pass(Duration.ofSeconds(5));
  }

  private Membership joined(MockConsumer<byte[], byte[]> member) {
    Membership joined =
        new Membership(member, handling.reports, new Outage("broker:9092"), handling.clock);
    joined.join(TOPIC);
    member.rebalance(List.of(PARTITION));
    member.updateBeginningOffsets(Map.of(PARTITION, 0L));
    member.updateEndOffsets(Map.of(PARTITION, 0L));
    joined.turn();
    return joined;
  }

  @AfterEach
  void close() {
    handling.close();
  }

  private ConsumerRecord<byte[], byte[]> observed(String run, long step) {
    return handling.message(
        Kind.OBSERVATIONS, run, Wire.write(List.of(Observations.scored(step, 0.5))));
  }

  private long committed() {
    OffsetAndMetadata committed = consumer.committed(Set.of(PARTITION)).get(PARTITION);
    return committed == null ? 0 : committed.offset();
  }

  private void awaitCommitted(long offset) {
    while (committed() < offset) {
      membership.turn();
    }
  }

  @Test
  void aNewGroupBeginsAtTheBeginningAndCommitsWhatIsStored() {
    consumer.addRecord(observed("one", 1));
    consumer.addRecord(observed("two", 1));
    consumer.addRecord(observed("one", 2));
    awaitCommitted(3);
    assertThat(handling.store.accepted()).isEqualTo(3);
  }

  @Test
  void nothingIsCommittedThatIsNotStored() {
    handling.store.close();
    consumer.addRecord(observed("one", 1));
    consumer.addRecord(handling.message(Kind.END, "two", "no JSON"));
    while (handling.refused().isEmpty()) {
      membership.turn();
    }
    membership.finish(Duration.ZERO);
    assertThat(committed()).isZero();
  }

  @Test
  void reportsOfARunKeepTheirOrderWhileOneOfThemWaits() {
    consumer.addRecord(observed("one", 1));
    consumer.addRecord(observed("two", 1));
    consumer.addRecord(observed("three", 1));
    consumer.addRecord(handling.message(Kind.END, "three", END));
    consumer.addRecord(handling.message(Kind.END, "two", END));
    awaitCommitted(5);
    assertThat(handling.refused()).isEmpty();
    assertThat(handling.store.find("three").toCompletableFuture().join())
        .hasValueSatisfying(run -> assertThat(run.state()).isEqualTo(RunState.COMPLETED));
  }

  @Test
  void whileTooManyAreUnderWayNoMoreAreRead() {
    handling.store.close();
    for (int step = 0; step < 2000; step++) {
      consumer.addRecord(observed("run", step));
    }
    consumer.updateEndOffsets(Map.of(PARTITION, 2005L));
    while (consumer.paused().isEmpty()) {
      membership.turn();
    }
    assertThat(consumer.paused()).containsExactly(PARTITION);
    assertThat(membership.waiting()).hasValue(2005);
  }

  @Test
  void whatAnotherCollectorHasIsNotTriedAnyMore() {
    handling.store.close();
    consumer.updateEndOffsets(Map.of(PARTITION, 1L));
    consumer.addRecord(observed("one", 1));
    while (membership.waiting().orElse(0) != 1) {
      membership.turn();
    }
    consumer.rebalance(List.of());
    while (membership.waiting().orElse(1) != 0) {
      membership.turn();
    }
    assertThat(committed()).isZero();
  }

  @Test
  void reportsThatTheBrokersDeletedBeforeTheyWereReadAreComplainedOf() throws Exception {
    consumer.addRecord(observed("one", 1));
    awaitCommitted(1);
    String logged =
        LoggedLines.during(
            soFar -> {
              consumer.updateBeginningOffsets(Map.of(PARTITION, 5L));
              for (int deleted = 1; deleted < 5; deleted++) {
                assertThat(observed("one", deleted).offset()).isEqualTo(deleted);
              }
              consumer.addRecord(observed("one", 5));
              membership.turn();
            });
    assertThat(logged)
        .contains("4 reports in gauge-3 were deleted by the brokers before they were read");
    assertThat(consumer.position(PARTITION)).isEqualTo(5);
  }

  @Test
  void brokersThatDoNotAnswerAreNotReadHoweverOpenTheirConnectionsLook() throws Exception {
    assertThat(membership.isReading()).isTrue();
    AtomicLong responses = new AtomicLong(1);
    MetricName name = new MetricName("response-total", "consumer-metrics", "", Map.of());
    MockConsumer<byte[], byte[]> answered =
        new MockConsumer<>("none") {
          @Override
          public synchronized Map<MetricName, Metric> metrics() {
            return Map.of(name, metric(name, responses));
          }
        };
    Membership other = joined(answered);
    assertThat(other.isReading()).as("at first").isFalse();
    handling.clock.pass(Duration.ofSeconds(5));
    assertThat(other.isReading()).isTrue();
    String logged =
        LoggedLines.during(
            soFar -> {
              handling.clock.pass(Duration.ofSeconds(11));
              other.turn();
              other.turn();
            });
    assertThat(other.isReading()).isFalse();
    assertThat(other.waiting()).isEmpty();
    assertThat(logged.split("the brokers do not answer", -1)).hasSize(2);
    responses.set(2);
    other.turn();
    assertThat(other.isReading()).isTrue();
  }

  private static Metric metric(MetricName name, AtomicLong value) {
    return new Metric() {
      @Override
      public MetricName metricName() {
        return name;
      }

      @Override
      public Object metricValue() {
        return (double) value.get();
      }
    };
  }
}
