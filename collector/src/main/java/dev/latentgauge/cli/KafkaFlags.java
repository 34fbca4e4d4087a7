package dev.latentgauge.cli;

import dev.latentgauge.collector.bus.BusOptions;
import dev.latentgauge.observation.TopicFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code serve} that say which reports are taken from Kafka. */
final class KafkaFlags {

  @Option(
      names = "--kafka-bootstrap-servers",
      paramLabel = "SERVERS",
      description =
          "Brokers of Kafka, such as broker-1:9092,broker-2:9092, from which reports are taken too;"
              + " otherwise by HTTP alone.")
  private @Nullable String servers;

  @Option(
      names = "--kafka-topic",
      paramLabel = "TOPIC",
      description =
          "The topic that agents write to; made with TOPIC.refused and TOPIC.directives if it is"
              + " missing.")
  private String topic = TopicFormat.DEFAULT_TOPIC;

  @Option(
      names = "--kafka-group",
      paramLabel = "GROUP",
      description = "The group of collectors of one history, which share the topic among them.")
  private String group = BusOptions.DEFAULT_GROUP;

  @Option(
      names = "--kafka-properties",
      paramLabel = "FILE",
      description =
          "File of more properties for Kafka's clients, such as security.protocol=SASL_SSL.")
  private @Nullable Path properties;

  /**
   * The options that were given; empty without brokers.
   *
   * @throws IllegalArgumentException if one is not allowed, or the file cannot be read
   */
  Optional<BusOptions> options() {
    return Optional.ofNullable(servers)
        .map(brokers -> new BusOptions(brokers, topic, group, properties()));
  }

  private Map<String, String> properties() {
    Properties read = new Properties();
    if (properties != null) {
      try (InputStream file = Files.newInputStream(properties)) {
        read.load(file);
      } catch (IOException | IllegalArgumentException e) {
        throw new IllegalArgumentException("kafkaProperties cannot be read: " + e, e);
      }
    }
    return read.stringPropertyNames().stream()
        .collect(Collectors.toMap(name -> name, read::getProperty));
  }
}
