package dev.latentgauge.collector.bus;

import dev.latentgauge.observation.TopicFormat;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Which reports are taken from Kafka, and how clients of it are set up.
 *
 * @param servers brokers to ask for the others, as {@code host:port}, separated by commas
 * @param topic the topic for reports; the others are named after it, see {@link TopicFormat}
 * @param group the group of collectors that share its partitions among them
 * @param properties what operators want otherwise, such as TLS and SASL
 */
public record BusOptions(
    String servers, String topic, String group, Map<String, String> properties) {

  /** The group of collectors unless another is named. */
  public static final String DEFAULT_GROUP = "latentgauge";

  /** A collector that was killed gives its partitions to others after so long. */
  private static final String SESSION_MILLIS = "10000";

  /** Of what the brokers hand over at once. */
  private static final String MOST_BYTES = Integer.toString(8 << 20);

  private static final String LONGEST_REQUEST_MILLIS = "10000";

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException if one is not allowed
   */
  public BusOptions {
    TopicFormat.requireServers("kafkaBootstrapServers", servers);
    TopicFormat.requireTopic("kafkaTopic", topic);
    if (group.isBlank()) {
      throw new IllegalArgumentException("kafkaGroup must be a name, but is blank");
    }
    properties = Map.copyOf(properties);
    try {
      ConsumerConfig.configDef().parse(consumer(servers, group, properties));
      ProducerConfig.configDef().parse(producer(servers, properties));
    } catch (ConfigException e) {
      throw new IllegalArgumentException(
          "kafkaProperties must be settings of Kafka's clients, but: " + e.getMessage(), e);
    }
  }

  /** Without the values of properties, which may be secret. */
  @Override
  public String toString() {
    return "topic "
        + topic
        + " at "
        + servers
        + " for group "
        + group
        + " with properties "
        + properties.keySet();
  }

  /** The topic for reports that are refused for good. */
  String refused() {
    return TopicFormat.refused(topic);
  }

  /** The topic for what runs are told. */
  String directives() {
    return TopicFormat.directives(topic);
  }

  /** Offsets are committed by us, and a position that is gone is found out. */
  Map<String, Object> consumer() {
    return consumer(servers, group, properties);
  }

  private static Map<String, Object> consumer(
      String servers, String group, Map<String, String> properties) {
    Map<String, Object> all = new HashMap<>();
    all.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MILLIS);
    all.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, MOST_BYTES);
    all.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, LONGEST_REQUEST_MILLIS);
    if (properties.getOrDefault(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "").equals("consumer")) {
      all.remove(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG); // There the brokers say it.
    }
    all.putAll(properties);
    all.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
    all.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    return all;
  }

  /** What is written is acknowledged by all replicas that are in sync. */
  Map<String, Object> producer() {
    return producer(servers, properties);
  }

  private static Map<String, Object> producer(String servers, Map<String, String> properties) {
    Map<String, Object> all = new HashMap<>();
    all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "5000");
    all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, LONGEST_REQUEST_MILLIS);
    all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "30000");
    if (properties.containsKey(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG)) {
      all.remove(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG); // It must be longer: Kafka fits it.
    }
    all.putAll(properties);
    all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    all.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    all.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    return all;
  }

  /** For topics. */
  Properties admin() {
    Properties all = new Properties();
    if (!properties.containsKey(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG)) {
      all.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
      all.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, LONGEST_REQUEST_MILLIS);
    }
    all.putAll(properties);
    all.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
    return all;
  }
}
