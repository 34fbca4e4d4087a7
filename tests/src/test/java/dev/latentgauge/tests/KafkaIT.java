package dev.latentgauge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.latentgauge.agent.kafka.KafkaReporter;
import dev.latentgauge.agent.report.Reporter;
import dev.latentgauge.collector.Ports;
import dev.latentgauge.collector.PostgresServer;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.observation.TopicFormat;
import dev.latentgauge.observation.Wire;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports by a real Kafka: its broker, collectors and trainings are killed at every bad moment. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class KafkaIT {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaIT.class);
  private static final Pattern TAKEN = Pattern.compile("taken (\\d+/\\d+) \\.");
  private static final String TOPIC = "gauge";
  private static final String READING = "latentgauge_collector_kafka_reading";
  private static final int TRAININGS = 6;

  /** Collectors share a database, and would not keep up with what six can make. */
  private static final Duration BREATH = Duration.ofMillis(100);

  private static final int KILLS = 4;

  private final long seed = new SplittableRandom().nextLong(1_000_000);
  private final SplittableRandom random = new SplittableRandom(seed);
  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir private Path folder;
  private Processes processes = new Processes(Path.of("."));
  private URI address = URI.create("http://127.0.0.1");
  private int collectors;

  @BeforeEach
  void prepare() throws IOException {
    LOG.info("the seed is {}", seed);
    processes = new Processes(folder);
    address = URI.create("http://127.0.0.1:" + Ports.free());
  }

  @AfterEach
  void stop() {
    processes.close();
  }

  private static ConditionFactory patiently() {
    return Awaitility.await().atMost(1, TimeUnit.MINUTES);
  }

  @Test
  void brokerAndCollectorThatAreKilledUnderLoadLoseNothing() throws Exception {
    KafkaBroker broker = startBroker();
    Process collector = startCollector(broker);
    try (KafkaLoad load =
        new KafkaLoad(
            broker.servers(), TOPIC, folder.resolve("spool"), TRAININGS, Duration.ZERO, seed)) {
      for (int kill = 0; kill < KILLS; kill++) {
        load.awaitMore(1 + random.nextInt(2000));
        if (kill % 2 == 0) {
          broker.kill();
          assertThat(status("/health/ready")).isEqualTo(200);
          broker.restart();
        } else {
          collector.destroyForcibly().waitFor();
          collector = startCollector(broker);
        }
      }
      load.awaitMore(1000);
      load.finish();
      load.assertAllStored(new Stored(address));
      LOG.info(
          "killed {} times: {} observations reported and stored, once", KILLS, load.reported());
    }
    patiently().until(() -> metric("latentgauge_collector_kafka_waiting_reports").equals("0.0"));
    assertThat(metric("latentgauge_collector_rejected_total{reason=\"conflict\"}"))
        .isEqualTo("0.0");
  }

  @Test
  void aDatabaseThatIsAwayCostsNothingButTime() throws Exception {
    try (PostgresServer postgres = PostgresServer.start()) {
      KafkaBroker broker = startBroker();
      startCollector(broker, "--database-url", postgres.url());
      try (KafkaLoad load =
          new KafkaLoad(
              broker.servers(), TOPIC, folder.resolve("spool"), TRAININGS, Duration.ZERO, seed)) {
        load.awaitMore(1 + random.nextInt(2000));
        postgres.stop("immediate");
        patiently().until(() -> printedByCollector().contains("reports from Kafka wait"));
        load.awaitMore(1000);
        postgres.resume();
        load.finish();
        load.assertAllStored(new Stored(address));
        LOG.info("database away: {} observations reported and stored, once", load.reported());
      }
      assertThat(printedByCollector()).contains("reports from Kafka are stored again");
      patiently().until(() -> metric("latentgauge_collector_kafka_waiting_reports").equals("0.0"));
    }
  }

  @Test
  void collectorsOfOneGroupThatAreKilledInTurnLoseNothing() throws Exception {
    try (PostgresServer postgres = PostgresServer.start()) {
      KafkaBroker broker = startBroker();
      List<Member> members = startGroup(broker, postgres);
      try (KafkaLoad load =
          new KafkaLoad(
              broker.servers(), TOPIC, folder.resolve("spool"), TRAININGS, BREATH, seed)) {
        for (int kill = 0; kill < KILLS; kill++) {
          load.awaitMore(1 + random.nextInt(2000));
          Member victim = members.get(kill % members.size());
          victim.process.destroyForcibly().waitFor();
          Member successor = startMember(broker, postgres, victim.address);
          members.set(kill % members.size(), successor);
          patiently().until(() -> readsHalf(successor));
        }
        load.finish();
        for (Member member : members) {
          load.assertAllStored(new Stored(member.address));
        }
        LOG.info(
            "two of a group killed in turn, {} times: {} observations reported and stored, once",
            KILLS,
            load.reported());
      }
    }
  }

  @Test
  void whatARunIsToldByOneOfAGroupReachesItByTheOneThatReadsIt() throws Exception {
    try (PostgresServer postgres = PostgresServer.start()) {
      KafkaBroker broker = startBroker();
      List<Member> members = startGroup(broker, postgres);
      for (Member member : members) {
        patiently().until(() -> readsHalf(member));
      }
      List<Reporter> reporters = new ArrayList<>();
      try {
        // So many that it is next to impossible that each is told by the one that reads it.
        for (int i = 0; i < 8; i++) {
          Reporter reporter = reporter(broker, "spool");
          reporters.add(reporter);
          RunInfo run = RunInfo.named("run-" + i).withStartedAt(Instant.EPOCH);
          URI teller = members.get(i % members.size()).address;
          reporter.begin(run);
          reporter.observed(run, List.of(Load.observation(0)));
          patiently().until(() -> status(teller, "/v1/runs/" + run.name()) == 200);
          String directive = "{\"action\":\"stop\",\"reason\":\"" + run.name() + "\"}";
          assertThat(put(teller, "/v1/runs/" + run.name() + "/directive", directive))
              .isEqualTo(200);
          reporter.observed(run, List.of(Load.observation(1)));
        }
        for (int i = 0; i < reporters.size(); i++) {
          Reporter reporter = reporters.get(i);
          Directive expected = Directive.stop("run-" + i);
          patiently().until(() -> reporter.directive().equals(Optional.of(expected)));
        }
      } finally {
        reporters.forEach(Reporter::close);
      }
    }
  }

  /** A collector of a group, and where it listens. */
  private record Member(String name, URI address, Process process) {}

  private List<Member> startGroup(KafkaBroker broker, PostgresServer postgres) throws IOException {
    List<Member> members = new ArrayList<>();
    members.add(startMember(broker, postgres, address));
    members.add(startMember(broker, postgres, URI.create("http://127.0.0.1:" + Ports.free())));
    return members;
  }

  private Member startMember(KafkaBroker broker, PostgresServer postgres, URI at) {
    Process process = startCollector(broker, at, "--database-url", postgres.url());
    return new Member("collector-" + collectors, at, process);
  }

  private boolean readsHalf(Member member) {
    return processes.printed(member.name).contains("reads 6 more partitions");
  }

  @Test
  void brokersThatAreAwayKeepNothingElseFromItsWorkAndAreComplainedOfOnce() throws Exception {
    KafkaBroker broker = startBroker();
    broker.kill();
    Process collector = startCollector(broker);
    String complaint = "reports in Kafka at " + broker.servers() + " wait";
    patiently().until(() -> printedByCollector().contains(complaint));
    assertThat(status("/health/ready")).isEqualTo(200);
    assertThat(put("/v1/runs/by-http", "{}")).isEqualTo(200);
    assertThat(metric("latentgauge_collector_kafka_waiting_reports")).isEmpty();
    Process training = startTraining("training", broker, "run", 1);
    report(training, 20);
    awaitTaken("training", 20);

    broker.restart();
    patiently().until(() -> storedKeys("run").equals(taken("training")));
    assertThat(printedByCollector().split(Pattern.quote(complaint), -1)).hasSize(2);
    patiently().until(() -> metric(READING).equals("1.0"));
    assertThat(metric("latentgauge_collector_kafka_waiting_reports")).isEqualTo("0.0");

    processes.signal("STOP", broker.pid());
    patiently().until(() -> metric(READING).equals("0.0"));
    assertThat(printedByCollector())
        .contains("wait, while those by HTTP are taken: the brokers do not answer");
    processes.signal("CONT", broker.pid());
    patiently().until(() -> metric(READING).equals("1.0"));

    collector.destroy();
    assertThat(collector.waitFor()).as(this::printedByCollector).isZero();
  }

  @Test
  void whatAKilledTrainingCouldNotDeliverIsDeliveredByTheNext() throws Exception {
    KafkaBroker broker = startBroker();
    startCollector(broker);
    Process first = startTraining("first", broker, "run", 1);
    report(first, 10);
    awaitTaken("first", 10);
    patiently().until(() -> storedKeys("run").equals(taken("first")));
    broker.kill();
    report(first, 30);
    awaitTaken("first", 40);
    first.destroyForcibly().waitFor();

    Process second = startTraining("second", broker, "run", 2);
    report(second, 5);
    awaitTaken("second", 5);
    broker.restart();
    Set<String> all = new TreeSet<>(taken("first"));
    all.addAll(taken("second"));
    patiently().until(() -> storedKeys("run").equals(all));
    second.getOutputStream().close();
    assertThat(second.waitFor()).as(() -> processes.printed("second")).isZero();
    assertThat(folder.resolve("spool")).isEmptyDirectory();
  }

  @Test
  void whatIsRefusedIsKeptCountedAndKeepsNobodyBack() throws Exception {
    KafkaBroker broker = startBroker();
    startCollector(broker);
    Reporter reporter = reporter(broker, "spool");
    RunInfo run = RunInfo.named("run").withStartedAt(Instant.EPOCH);
    reporter.begin(run);
    reporter.observed(run, List.of(Load.observation(0)));
    patiently().until(() -> storedKeys("run").size() == 1);

    String good = Wire.write(List.of(Load.observation(1)));
    String contradiction = good.replace("0.75", "0.5");
    write(
        broker,
        record("run", "observations", "no JSON"),
        record("run", "observation", good),
        record("no/name", "observations", good),
        record("unknown", "end", "{\"state\":\"completed\"}"),
        new ProducerRecord<>(TOPIC, null, "no key"),
        new ProducerRecord<>(TOPIC, "run", null),
        record("run", "observations", "ü".repeat(524_200)),
        record("run", "observations", good),
        record("run", "observations", contradiction));
    reporter.observed(run, List.of(Load.observation(2)));
    patiently().until(() -> storedKeys("run").size() == 3);

    List<ConsumerRecord<byte[], byte[]>> kept = broker.read(TopicFormat.refused(TOPIC), 8);
    Map<String, Integer> reasons = new TreeMap<>();
    kept.forEach(each -> reasons.merge(header(each, TopicFormat.REASON), 1, Integer::sum));
    assertThat(reasons).isEqualTo(Map.of("malformed", 6, "conflict", 2));
    assertThat(kept)
        .filteredOn(each -> header(each, TopicFormat.REASON).equals("conflict"))
        .filteredOn(each -> new String(each.key(), StandardCharsets.UTF_8).equals("run"))
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.value()).asString(StandardCharsets.UTF_8).isEqualTo(contradiction);
              assertThat(header(each, TopicFormat.KIND)).isEqualTo("observations");
              assertThat(header(each, TopicFormat.ORIGIN)).matches(TOPIC + "-\\d+@\\d+");
              assertThat(header(each, TopicFormat.DETAIL)).isNotEmpty();
            });
    // The tombstone, and the one that fits into the topic, but not with the reason.
    assertThat(kept).filteredOn(each -> each.value() == null).hasSize(2);
    assertThat(metric("latentgauge_collector_rejected_total{reason=\"malformed\"}"))
        .isEqualTo("6.0");
    reporter.close();
  }

  @Test
  void anotherTrainingOfTheSameNameIsRefusedAndHearsOfIt() throws Exception {
    KafkaBroker broker = startBroker();
    startCollector(broker);
    RunInfo run = RunInfo.named("run").withStartedAt(Instant.EPOCH);
    try (Reporter reporter = reporter(broker, "spool");
        Reporter another = reporter(broker, "another")) {
      reporter.begin(run);
      reporter.observed(run, List.of(Load.observation(0)));
      patiently().until(() -> storedKeys("run").size() == 1);

      RunInfo impostor = run.withStartedAt(Instant.EPOCH.plusSeconds(1));
      another.begin(impostor);
      patiently()
          .until(
              () -> {
                another.observed(impostor, List.of(Load.observation(7)));
                return another.backlog().dropped() > 0;
              });
      reporter.observed(run, List.of(Load.observation(1)));
      patiently().until(() -> storedKeys("run").equals(Set.of("1/0", "1/1")));
      assertThat(reporter.backlog().dropped()).isZero();
    }
  }

  @Test
  void whatARunIsToldReachesItAndNobodyElse() throws Exception {
    KafkaBroker broker = startBroker();
    startCollector(broker);
    try (Reporter told = reporter(broker, "spool");
        Reporter other = reporter(broker, "spool")) {
      RunInfo run = RunInfo.named("told").withStartedAt(Instant.EPOCH);
      RunInfo another = RunInfo.named("other");
      told.begin(run);
      other.begin(another);
      told.observed(run, List.of(Load.observation(0)));
      other.observed(another, List.of(Load.observation(0)));
      patiently().until(() -> told.directive().equals(Optional.of(Directive.CONTINUE)));
      assertThat(put("/v1/runs/told/directive", "{\"action\":\"stop\",\"reason\":\"flat\"}"))
          .isEqualTo(200);
      told.observed(run, List.of(Load.observation(1)));
      other.observed(another, List.of(Load.observation(1)));
      patiently().until(() -> told.directive().equals(Optional.of(Directive.stop("flat"))));
      patiently().until(() -> storedKeys("other").size() == 2);
      assertThat(other.directive()).contains(Directive.CONTINUE);
    }
    try (Reporter next = reporter(broker, "spool")) {
      RunInfo run = RunInfo.named("told").withAttempt(2).withStartedAt(Instant.EPOCH);
      next.begin(run);
      next.observed(run, List.of(Load.observation(2, 0)));
      patiently().until(() -> next.directive().equals(Optional.of(Directive.CONTINUE)));
    }
  }

  @Test
  void whatIsReportedToATopicThatDoesNotExistStaysInTheSpool() throws Exception {
    KafkaBroker broker = startBroker();
    RunInfo run = RunInfo.named("run").withStartedAt(Instant.EPOCH);
    try (Reporter reporter = reporter(broker, "spool")) {
      reporter.begin(run);
      reporter.observed(run, List.of(Load.observation(0)));
      patiently().until(() -> reporter.backlog().spooled() == 1);
      assertThat(broker.topics()).isEmpty();

      startCollector(broker);
      patiently().until(() -> storedKeys("run").equals(Set.of("1/0")));
      patiently().until(() -> reporter.backlog().spooled() == 0);
    }
  }

  private Reporter reporter(KafkaBroker broker, String spool) {
    return KafkaReporter.builder(broker.servers())
        .topic(TOPIC)
        .spool(folder.resolve(spool))
        .build();
  }

  @SafeVarargs
  private static void write(KafkaBroker broker, ProducerRecord<String, String>... records)
      throws InterruptedException, ExecutionException {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.servers(), "max.request.size", "2000000"),
            new StringSerializer(),
            new StringSerializer())) {
      for (ProducerRecord<String, String> record : records) {
        producer.send(record).get();
      }
    }
  }

  private static ProducerRecord<String, String> record(String run, String kind, String body) {
    ProducerRecord<String, String> record = new ProducerRecord<>(TOPIC, run, body);
    record.headers().add(TopicFormat.KIND, kind.getBytes(StandardCharsets.UTF_8));
    return record;
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private KafkaBroker startBroker() throws IOException, InterruptedException {
    return KafkaBroker.start(processes, folder.resolve("kafka"));
  }

  private Process startCollector(KafkaBroker broker, String... options) {
    return startCollector(broker, address, options);
  }

  private Process startCollector(KafkaBroker broker, URI at, String... options) {
    String name = "collector-" + ++collectors;
    List<String> command =
        new ArrayList<>(
            List.of(Processes.java(), "-Xmx512m", "-jar", Processes.JAR.toString(), "serve"));
    command.addAll(List.of("--port", Integer.toString(at.getPort())));
    command.addAll(List.of("--data", folder.resolve("data-" + at.getPort()).toString()));
    command.addAll(List.of("--kafka-bootstrap-servers", broker.servers(), "--kafka-topic", TOPIC));
    command.addAll(List.of(options));
    Process process =
        processes.start(
            name,
            Map.of("LATENTGAUGE_DATABASE_PASSWORD", PostgresServer.PASSWORD),
            command.toArray(String[]::new));
    processes.awaitPrinted(name, process, "listening on (http://\\S+)");
    return process;
  }

  private String printedByCollector() {
    return processes.printed("collector-" + collectors);
  }

  private Process startTraining(String name, KafkaBroker broker, String run, int attempt) {
    Process training =
        processes.startJava(
            name,
            KafkaReporting.class,
            broker.servers(),
            TOPIC,
            folder.resolve("spool").toString(),
            run,
            Integer.toString(attempt));
    processes.awaitPrinted(name, training, "(ready) now");
    return training;
  }

  private static void report(Process training, int observations) throws IOException {
    training.getOutputStream().write((observations + "\n").getBytes(StandardCharsets.UTF_8));
    training.getOutputStream().flush();
  }

  private void awaitTaken(String training, int count) {
    patiently().until(() -> taken(training).size() >= count);
  }

  /** What a training's reporter has taken, as attempt and step. */
  private Set<String> taken(String training) {
    return TAKEN
        .matcher(processes.printed(training))
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What is stored of a run, as attempt and step; nothing is there twice. */
  private Set<String> storedKeys(String run) throws IOException, InterruptedException {
    if (status("/v1/runs/" + run) == 404) {
      return Set.of();
    }
    List<String> keys = new ArrayList<>();
    for (JsonElement element : new Stored(address).observations(run)) {
      JsonObject observation = element.getAsJsonObject();
      keys.add(observation.get("attempt").getAsInt() + "/" + observation.get("step").getAsLong());
    }
    assertThat(keys).doesNotHaveDuplicates();
    return new TreeSet<>(keys);
  }

  /** The value of a series; empty if there is none. */
  private String metric(String series) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(address.resolve("/metrics")).build();
    return client
        .send(request, BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .map(line -> line.substring(series.length() + 1))
        .findFirst()
        .orElse("");
  }

  private int status(String path) throws IOException, InterruptedException {
    return status(address, path);
  }

  private int status(URI collector, String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(collector.resolve(path)).build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  private int put(String path, String json) throws IOException, InterruptedException {
    return put(address, path, json);
  }

  private int put(URI collector, String path, String json)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(collector.resolve(path))
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(json))
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }
}
