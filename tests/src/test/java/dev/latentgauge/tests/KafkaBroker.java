package dev.latentgauge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;

/** A real broker in a process of its own, on loopback, set up as it is unless somebody cares. */
final class KafkaBroker {

  private final Processes processes;
  private final Path folder;
  private final Path config;
  private final int port;
  private int started;
  private Process process;

  private KafkaBroker(Processes processes, Path folder, Path config, int port) {
    this.processes = processes;
    this.folder = folder;
    this.config = config;
    this.port = port;
    this.process = launch();
  }

  /** Formats a folder and starts a broker on it. */
  static KafkaBroker start(Processes processes, Path folder)
      throws IOException, InterruptedException {
    int port = Ports.free();
    int controller = Ports.free();
    Path config =
        Files.write(
            Files.createDirectories(folder).resolve("server.properties"),
            List.of(
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@127.0.0.1:" + controller,
                "controller.listener.names=CONTROLLER",
                "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller,
                "advertised.listeners=PLAINTEXT://127.0.0.1:" + port,
                "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
                "log.dirs=" + folder.resolve("log"),
                "offsets.topic.replication.factor=1",
                "offsets.topic.num.partitions=3",
                "group.initial.rebalance.delay.ms=0"));
    Process format =
        processes.start(
            "format",
            command(
                folder,
                "kafka.tools.StorageTool",
                "format",
                "-t",
                Uuid.randomUuid().toString(),
                "-c",
                config.toString()));
    assertThat(format.waitFor()).as(() -> processes.printed("format")).isZero();
    return new KafkaBroker(processes, folder, config, port);
  }

  /**
   * What is unpacked stays in the folder, as nobody else deletes it for a process that is killed.
   */
  private static String[] command(Path folder, String main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Processes.java(),
                "-Xmx384m",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                main));
    command.addAll(List.of(arguments));
    return command.toArray(String[]::new);
  }

  private Process launch() {
    String name = "broker-" + ++started;
    Process launched = processes.start(name, command(folder, "kafka.Kafka", config.toString()));
    processes.awaitPrinted(name, launched, "Kafka Server (started)");
    return launched;
  }

  /** Where it listens. */
  String servers() {
    return "127.0.0.1:" + port;
  }

  long pid() {
    return process.pid();
  }

  /** The names of the topics, but for those of Kafka itself. */
  Set<String> topics() throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers()))) {
      return admin.listTopics().names().get();
    }
  }

  /** Ends it by SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Starts it again, after {@link #kill}. */
  void restart() {
    process = launch();
  }

  /** All that is in a topic, which has so many records. */
  List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", servers());
    settings.put("auto.offset.reset", "earliest");
    settings.put("allow.auto.create.topics", "false");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList());
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      Awaitility.await()
          .atMost(1, TimeUnit.MINUTES)
          .pollDelay(Duration.ZERO)
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                return records.size() >= count;
              });
      return records;
    }
  }
}
