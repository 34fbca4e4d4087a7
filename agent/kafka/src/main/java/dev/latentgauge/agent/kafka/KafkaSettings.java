package dev.latentgauge.agent.kafka;

import dev.latentgauge.observation.TopicFormat;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Which brokers and topic, and how clients are set up.
 *
 * @param servers brokers to ask for the others
 * @param topic the topic for reports
 * @param properties what users want otherwise, such as TLS and SASL
 */
record KafkaSettings(String servers, String topic, Map<String, String> properties) {

  /** What the guarantees rest on. */
  private static final Map<String, Object> PRODUCER =
      Map.of(
          ProducerConfig.ACKS_CONFIG,
          "all",
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          "true",
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ByteArraySerializer.class.getName(),
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
          ByteArraySerializer.class.getName());

  private static final Map<String, Object> CONSUMER =
      Map.of(
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
          ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false",
          ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName(),
          ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());

  /** An exchange takes seconds, and who is away is not asked all the time. */
  private static final Map<String, Object> PRODUCER_DEFAULTS =
      Map.of(
          ProducerConfig.MAX_BLOCK_MS_CONFIG, "3000",
          ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000",
          ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "15000",
          ProducerConfig.LINGER_MS_CONFIG, "0",
          ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "10000");

  private static final Map<String, Object> CONSUMER_DEFAULTS =
      Map.of(
          ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000",
          ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000",
          ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "10000");

  private static final Set<String> LONGER_TIMEOUTS =
      Set.of(
          ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG);

  private static final Duration LOOKUP = Duration.ofSeconds(3);

  /** What is wrong, a sentence each. */
  List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    tryOut(() -> TopicFormat.requireServers("bootstrap servers", servers), mistakes);
    tryOut(() -> TopicFormat.requireTopic("topic", topic), mistakes);
    Set<String> fixed = new TreeSet<>(PRODUCER.keySet());
    fixed.addAll(CONSUMER.keySet());
    fixed.add(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG);
    fixed.add(ConsumerConfig.GROUP_ID_CONFIG);
    fixed.retainAll(properties.keySet());
    fixed.forEach(name -> mistakes.add("property " + name + " must not be set, but is"));
    if (mistakes.isEmpty()) {
      try {
        ProducerConfig.configDef().parse(producer());
        ConsumerConfig.configDef().parse(consumer());
      } catch (ConfigException e) {
        mistakes.add("properties must be settings of Kafka's clients, but: " + e.getMessage());
      }
    }
    return mistakes;
  }

  private static void tryOut(Runnable check, List<String> mistakes) {
    try {
      check.run();
    } catch (IllegalArgumentException e) {
      mistakes.add(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Where reports go, by which their spools are told apart. Not by which brokers: they come and go,
   * and what waits in a spool is to be delivered all the same.
   */
  URI address() {
    return URI.create("kafka:" + topic);
  }

  /**
   * Connects, and makes a producer. Brokers make a topic for a producer that names one which they
   * do not have, and nobody would read from it: so the topic is looked up first.
   *
   * @throws KafkaException if the topic does not exist, or the brokers do not answer
   */
  KafkaProducer<byte[], byte[]> newProducer() {
    KafkaConsumer<byte[], byte[]> consumer = newConsumer();
    try {
      if (consumer.partitionsFor(topic, LOOKUP).isEmpty()) {
        throw new UnknownTopicOrPartitionException("it does not exist");
      }
    } finally {
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
    return new KafkaProducer<>(producer());
  }

  /** Connects when it is used. */
  KafkaConsumer<byte[], byte[]> newConsumer() {
    return new KafkaConsumer<>(consumer());
  }

  private Map<String, Object> producer() {
    return config(PRODUCER_DEFAULTS, PRODUCER);
  }

  private Map<String, Object> consumer() {
    return config(CONSUMER_DEFAULTS, CONSUMER);
  }

  private Map<String, Object> config(Map<String, Object> defaults, Map<String, Object> fixed) {
    Map<String, Object> all = new HashMap<>(defaults);
    if (properties.containsKey(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG)) {
      all.keySet().removeAll(LONGER_TIMEOUTS); // They must be longer: Kafka fits them.
    }
    all.putAll(properties);
    all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
    all.putAll(fixed);
    return all;
  }
}
