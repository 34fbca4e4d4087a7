package dev.latentgauge.agent.kafka;

import dev.latentgauge.agent.report.Reporter;
import dev.latentgauge.agent.report.SpooledReporter;
import dev.latentgauge.observation.TopicFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes reporters that send the reports of one run to a topic of Kafka, from which collectors take
 * them: {@code latentgauge serve --kafka-bootstrap-servers}.
 *
 * <p>Reports go to a spool on disk at once, as they do for a collector by {@link
 * dev.latentgauge.agent.report.CollectorReporter}, and leave it when the brokers have acknowledged
 * them ({@code acks=all}). What a collector refuses is kept in the topic {@code TOPIC.refused} and
 * said in its log; if it refuses the run itself, the reporter hears of it and gives the rest up.
 * What collectors tell the run comes by the topic {@code TOPIC.directives}. Sketches are not sent.
 *
 * <p>While the topic does not exist, reports wait in the spool: a collector makes it, and nothing
 * does here. What is left in a spool is delivered by the next reporter of the run to a topic of
 * that name, whatever the brokers.
 */
public final class KafkaReporter {

  private KafkaReporter() {}

  /**
   * Starts a reporter.
   *
   * @param servers brokers to ask for the others, as {@code host:port}, separated by commas; they
   *     need not be up yet
   * @return a builder, which checks them in {@link Builder#build}
   */
  public static Builder builder(String servers) {
    return new Builder(servers);
  }

  /** Collects the settings of a reporter. */
  public static final class Builder {

    private final String servers;
    private final Map<String, String> properties = new HashMap<>();
    private final SpooledReporter.Settings spool = new SpooledReporter.Settings();
    private String topic = TopicFormat.DEFAULT_TOPIC;

    private Builder(String servers) {
      this.servers = servers;
    }

    /**
     * Names the topic.
     *
     * @param name its name; unless set, {@value TopicFormat#DEFAULT_TOPIC}
     * @return this builder
     */
    public Builder topic(String name) {
      this.topic = name;
      return this;
    }

    /**
     * Sets a property of Kafka's clients, such as {@code security.protocol}, or {@code
     * max.block.ms} of the producer.
     *
     * @param name its name, none of those that the delivery rests on ({@code acks}, serializers)
     * @param value its value
     * @return this builder
     */
    public Builder property(String name, String value) {
      properties.put(name, value);
      return this;
    }

    /**
     * Sets where reports are kept until they are delivered.
     *
     * @param folder shared by any number of processes and runs, made if it is missing; unless set,
     *     {@code ./latentgauge-spool}
     * @return this builder
     */
    public Builder spool(Path folder) {
      spool.spool(folder);
      return this;
    }

    /**
     * Sets how much may wait; beyond it the oldest observations are dropped and counted.
     *
     * @param bytes of observations, at least 1 MiB; unless set, 256 MiB
     * @return this builder
     */
    public Builder spoolLimit(long bytes) {
      spool.spoolLimit(bytes);
      return this;
    }

    /**
     * Makes the reporter.
     *
     * @return a new reporter
     * @throws IllegalArgumentException if there are mistakes; the message has them all
     */
    public Reporter build() {
      KafkaSettings settings = new KafkaSettings(servers, topic, Map.copyOf(properties));
      List<String> mistakes = new ArrayList<>(settings.mistakes());
      mistakes.addAll(spool.mistakes());
      if (!mistakes.isEmpty()) {
        throw new IllegalArgumentException(String.join("; ", mistakes));
      }
      return spool.reporter(run -> KafkaTransport.start(settings, run));
    }
  }
}
