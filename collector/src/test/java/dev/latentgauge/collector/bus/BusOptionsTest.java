package dev.latentgauge.collector.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BusOptionsTest {

  @ParameterizedTest
  @ValueSource(strings = {"a:9092", "broker-1.example.org:9092,10.0.0.1:1", "[::1]:9092"})
  void serversAreHostsWithPorts(String servers) {
    assertThat(new BusOptions(servers, "gauge", "group", Map.of()).servers()).isEqualTo(servers);
  }

  @ParameterizedTest
  @CsvSource({
    "'', gauge, group, kafkaBootstrapServers must be like",
    "broker, gauge, group, kafkaBootstrapServers must be like",
    "'a:1, b:2', gauge, group, kafkaBootstrapServers must be like",
    "http://a:1, gauge, group, kafkaBootstrapServers must be like",
    "a:1, no topic, group, kafkaTopic must match",
    "a:1, .., group, kafkaTopic must match",
    "a:1, gauge, ' ', kafkaGroup must be a name"
  })
  void mistakesSayWhatIsAllowed(String servers, String topic, String group, String message) {
    assertThatThrownBy(() -> new BusOptions(servers, topic, group, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void propertiesAreSettingsOfTheClientsAndCannotWeakenTheDelivery() {
    assertThatThrownBy(() -> new BusOptions("a:1", "gauge", "group", Map.of("retries", "many")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("kafkaProperties must be settings of Kafka's clients, but: ");
    BusOptions options =
        new BusOptions(
            "a:1",
            "gauge",
            "group",
            Map.of(
                "acks", "0",
                "enable.auto.commit", "true",
                "auto.offset.reset", "latest",
                "session.timeout.ms", "20000"));
    assertThat(options).asString().contains("session.timeout.ms").doesNotContain("20000");
    assertThat(options.producer()).containsEntry("acks", "all");
    assertThat(options.consumer())
        .containsEntry("enable.auto.commit", "false")
        .containsEntry("auto.offset.reset", "none")
        .containsEntry("session.timeout.ms", "20000");
  }

  @ParameterizedTest
  @CsvSource({"request.timeout.ms, 60000", "group.protocol, consumer"})
  void clientsCanBeMadeWithWhatOperatorsSet(String name, String value) {
    BusOptions options = new BusOptions("127.0.0.1:1", "gauge", "group", Map.of(name, value));
    assertThatNoException()
        .isThrownBy(
            () -> {
              new KafkaConsumer<byte[], byte[]>(options.consumer())
                  .close(CloseOptions.timeout(Duration.ZERO));
              new KafkaProducer<byte[], byte[]>(options.producer()).close(Duration.ZERO);
              Admin.create(options.admin()).close(Duration.ZERO);
            });
  }
}
