package dev.latentgauge.collector.bus;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the topics that are missing, with as many replicas as the brokers give by default. */
final class Topics {

  private static final Logger LOG = LoggerFactory.getLogger(Topics.class);

  /** Of reports; so many collectors can share them. */
  private static final int PARTITIONS = 12;

  private Topics() {}

  /**
   * Makes sure that all topics exist.
   *
   * @throws KafkaException if that cannot be found out, or one is missing and must not be made
   *     here; the message says how to make it
   */
  static void require(BusOptions options) {
    try (Admin admin = Admin.create(options.admin())) {
      for (NewTopic topic : of(options)) {
        if (isMissing(admin, topic.name())) {
          make(admin, topic, options.servers());
        }
      }
    }
  }

  private static List<NewTopic> of(BusOptions options) {
    return List.of(
        new NewTopic(options.topic(), Optional.of(PARTITIONS), Optional.empty()),
        new NewTopic(options.refused(), Optional.empty(), Optional.empty()),
        // Read as a whole by each training when it starts.
        new NewTopic(options.directives(), Optional.of(1), Optional.empty())
            .configs(
                Map.of(
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE)));
  }

  private static boolean isMissing(Admin admin, String topic) {
    try {
      await(admin.describeTopics(List.of(topic)).allTopicNames());
      return false;
    } catch (UnknownTopicOrPartitionException e) {
      return true;
    }
  }

  private static void make(Admin admin, NewTopic topic, String servers) {
    try {
      await(admin.createTopics(List.of(topic)).all());
      LOG.info("the topic {} was missing in Kafka, and is made", topic.name());
    } catch (TopicExistsException e) {
      LOG.debug("another collector has made the topic {}", topic.name());
    } catch (KafkaException e) {
      throw new KafkaException(
          "the topic "
              + topic.name()
              + " must exist, but does not, and cannot be made from here ("
              + e.getMessage()
              + "): "
              + command(topic, servers),
          e);
    }
  }

  private static String command(NewTopic topic, String servers) {
    StringBuilder command =
        new StringBuilder("kafka-topics.sh --bootstrap-server ")
            .append(servers)
            .append(" --create --topic ")
            .append(topic.name());
    if (topic.numPartitions() > 0) {
      command.append(" --partitions ").append(topic.numPartitions());
    }
    if (topic.configs() != null) {
      topic
          .configs()
          .forEach(
              (key, value) ->
                  command.append(" --config ").append(key).append("=[").append(value).append(']'));
    }
    return command.toString();
  }

  private static <T> T await(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e);
    }
  }
}
