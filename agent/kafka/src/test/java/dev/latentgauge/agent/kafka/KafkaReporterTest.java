package dev.latentgauge.agent.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latentgauge.agent.report.Backlog;
import dev.latentgauge.agent.report.Reporter;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.relative.Score;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class KafkaReporterTest {

  private static final Observation OBSERVATION =
      Observation.builder(
              new Observation.Key(1, "encoder", "good@1", 5),
              Instant.EPOCH,
              "soft",
              new Score(0.75, 0.5, 0.5, 0.125, 64, 24))
          .build();

  @TempDir private Path folder;

  @Test
  void mistakesAreSaidAllAtOnce() {
    assertThatThrownBy(
            () ->
                KafkaReporter.builder("broker")
                    .topic("no topic")
                    .property("acks", "0")
                    .property("group.id", "mine")
                    .spoolLimit(1)
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bootstrap servers must be like broker-1:9092")
        .hasMessageContaining("topic must match")
        .hasMessageContaining("property acks must not be set, but is")
        .hasMessageContaining("property group.id must not be set, but is")
        .hasMessageContaining("the limit of the spool must be at least");
    assertThatThrownBy(() -> KafkaReporter.builder("a:1").property("retries", "many").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("properties must be settings of Kafka's clients, but: ");
  }

  @Test
  void propertiesReachTheClients() {
    KafkaSettings settings =
        new KafkaSettings("a:1,b:2", "gauge", Map.of("client.rack", "r1", "max.block.ms", "1"));
    assertThat(settings.mistakes()).isEmpty();
    assertThat(settings.address()).hasToString("kafka:gauge");
  }

  @Test
  void nobodyWaitsForBrokersThatAreAwayNorIsAnythingLost() throws Exception {
    try (Reporter reporter =
        KafkaReporter.builder("127.0.0.1:" + closedPort()).spool(folder).build()) {
      RunInfo run = RunInfo.named("run");
      reporter.begin(run);
      reporter.observed(run, List.of(OBSERVATION));
      assertThat(reporter.directive()).isEmpty();
      assertThat(reporter.backlog()).isEqualTo(new Backlog(1, 0));
      // As a monitor does when the time for a last delivery is over.
      Thread.currentThread().interrupt();
    }
    assertThat(Thread.interrupted()).isTrue();
    assertThat(folder).isNotEmptyDirectory();
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
