package dev.latentgauge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import dev.latentgauge.collector.Ports;
import dev.latentgauge.collector.PostgresServer;
import dev.latentgauge.tests.PrometheusServer.Pace;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What can happen to three collectors with one history behind a balancer. */
class FleetFaultsIT extends Faults {

  private static final int COLLECTORS = 3;
  private static final int KILLS = 10;

  private final List<URI> addresses = new ArrayList<>();
  private final Map<Integer, Process> collectors = new HashMap<>();
  private final PostgresServer postgres;
  private Optional<Balancer> balancer = Optional.empty();

  FleetFaultsIT() throws IOException {
    postgres = PostgresServer.start();
  }

  @BeforeEach
  void startFleet() throws IOException {
    for (int i = 0; i < COLLECTORS; i++) {
      addresses.add(URI.create("http://127.0.0.1:" + Ports.free()));
    }
    balancer = Optional.of(Balancer.start(processes, folder, address, addresses));
  }

  @AfterEach
  void stopServer() throws IOException {
    processes.close();
    postgres.close();
  }

  private void startAll() {
    for (int i = 0; i < COLLECTORS; i++) {
      start(i);
    }
    awaitReady();
  }

  private void awaitReady() {
    collectors.keySet().forEach(balancer.orElseThrow()::awaitReady);
  }

  private void start(int collector, String... options) {
    start(collector, List.of(), Map.of(), folder.resolve("data-" + collector), options);
  }

  private void start(
      int collector,
      List<String> before,
      Map<String, String> environment,
      Path data,
      String... options) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("LATENTGAUGE_DATABASE_PASSWORD", PostgresServer.PASSWORD);
    List<String> arguments = new ArrayList<>(List.of("--database-url", postgres.url()));
    arguments.addAll(List.of("--shutdown-delay", "3s"));
    arguments.addAll(List.of(options));
    int port = addresses.get(collector).getPort();
    collectors.put(collector, start(before, all, port, data, arguments.toArray(String[]::new)));
  }

  private Process collector(int number) {
    return Optional.ofNullable(collectors.get(number)).orElseThrow();
  }

  private void assertAllAlive() {
    assertThat(collectors.values()).allMatch(Process::isAlive);
  }

  private void assertAllAgree(Load load) throws IOException, InterruptedException {
    for (URI each : addresses) {
      load.assertAllStored(each);
    }
  }

  private PrometheusServer startPrometheus() throws IOException {
    String members =
        "\"" + addresses.get(0).getAuthority() + "\", \"" + addresses.get(1).getAuthority() + "\"";
    return PrometheusServer.start(
        processes,
        folder,
        "prometheus-fleet.yaml",
        Pace.FAST,
        address.toString(),
        Map.of("\"collector-1:9475\", \"collector-2:9475\"", members));
  }

  @Test
  void collectorsThatAreKilledInTurnLoseNothingAndDoubleNoSeries() throws Exception {
    startAll();
    PrometheusServer prometheus = startPrometheus();
    try (Load load = new Load(address, CLIENTS, seed)) {
      for (int kill = 0; kill < KILLS; kill++) {
        load.awaitMore(1 + random.nextInt(3000));
        int victim = random.nextInt(COLLECTORS);
        collector(victim).destroyForcibly().waitFor();
        load.awaitMore(200);
        start(victim);
      }
      load.awaitMore(1000);
      load.finish();
      assertAllAgree(load);
      report("three collectors behind a balancer, killed " + KILLS + " times in turn", load);
      patiently()
          .until(
              () ->
                  stored(prometheus) == load.acknowledged()
                      && prometheus.query("latentgauge_score").size() == CLIENTS);
      assertThat(prometheus.query("resets(latentgauge_collector_observations_total[1h]) > 0"))
          .isEmpty();
      assertThat(prometheus.query("resets(latentgauge_step[1h]) > 0")).isEmpty();
      assertThat(prometheus.query("count by (run) (latentgauge_step) > 1")).isEmpty();
      assertThat(prometheus.query("count(latentgauge_collector_build_info)")).hasSize(1);
    }
    assertAllAlive();
  }

  private static double stored(PrometheusServer prometheus)
      throws IOException, InterruptedException {
    JsonArray total = prometheus.query("latentgauge_collector_observations_total");
    return total.isEmpty() ? 0 : PrometheusServer.valueOf(total.get(0));
  }

  @Test
  void collectorsThatAreReplacedOneByOneCostNoRequest() throws Exception {
    startAll();
    try (Load load = new Load(address, CLIENTS, seed)) {
      for (int i = 0; i < COLLECTORS; i++) {
        load.awaitMore(1000);
        Process old = collector(i);
        old.destroy();
        assertThat(old.waitFor()).isZero();
        start(i);
        awaitReady();
      }
      load.finish();
      assertThat(load.failed()).as(() -> "refused: " + load.refusals()).isZero();
      assertAllAgree(load);
      report("three collectors replaced one by one", load);
    }
  }

  @Test
  void aDatabaseThatIsRestartedOrCrashesCostsNothingButTime() throws Exception {
    startAll();
    restart(postgres);
    assertAllAlive();
  }

  @Test
  void oneThatIsFrozenKeepsTheOthersOnlyForSeconds() throws Exception {
    startAll();
    try (Load load = new Load(address, CLIENTS, seed)) {
      for (int i = 0; i < COLLECTORS; i++) {
        load.awaitMore(1000);
        processes.signal("STOP", collector(i).pid());
        load.awaitMore(3000);
        processes.signal("CONT", collector(i).pid());
      }
      load.finish();
      assertAllAgree(load);
      report("three collectors frozen in turn", load);
    }
    assertAllAlive();
  }

  @Test
  void aClockThatJumpsAtOneOfThemLosesNoRunAndDeletesNone() throws Exception {
    Path clock = Files.writeString(folder.resolve("clock"), "+0");
    start(0, List.of(), clock(clock), folder.resolve("data-0"), KEEPING);
    start(1, KEEPING);
    awaitReady();
    setClock(clock, addresses.get(0));
    assertAllAlive();
  }

  @Test
  void slowAndHalfOpenClientsDoNotKeepOthersWaiting() throws Exception {
    startAll();
    reportBesideSlowClients();
    assertAllAlive();
  }

  @Test
  void oneWithAFullDiskIsLeftOutUntilThereIsRoom() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    start(0, onSmallDisk(disk), Map.of(), disk.resolve("data"));
    start(1);
    awaitReady();
    Path filler = filler(collector(0), disk);
    URI full = addresses.get(0);
    try (Load load = new Load(address, CLIENTS, seed)) {
      for (int round = 0; round < 3; round++) {
        fill(filler);
        patiently().until(() -> status(full + "/health/ready") == 503);
        balancer.orElseThrow().awaitNotReady(0);
        load.awaitMore(1000);
        assertThat(status("/health/ready")).isEqualTo(200);
        Files.delete(filler);
        patiently().until(() -> status(full + "/health/ready") == 200);
        balancer.orElseThrow().awaitReady(0);
      }
      load.finish();
      assertThat(load.failed()).as(() -> "refused: " + load.refusals()).isZero();
      load.assertAllStored();
      report("one of two disks full 3 times", load);
    }
    assertAllAlive();
  }

  @Test
  void tenThousandRequestsThatMeanHarmLeaveTheFleetAsItWas() throws Exception {
    List<URI> impatient = new ArrayList<>();
    for (String name : List.of("impatient-1", "impatient-2")) {
      Process collector =
          processes.startJava(
              name,
              ImpatientCollector.class,
              folder.resolve(name).toString(),
              postgres.url(),
              PostgresServer.PASSWORD);
      impatient.add(
          URI.create(processes.awaitPrinted(name, collector, "listening on (http://\\S+)")));
    }
    Map<String, Integer> statuses =
        fireHostileRequests(HOSTILE_REQUESTS, impatient.toArray(URI[]::new));
    for (URI each : impatient) {
      assertThat(status(each + "/health/ready")).isEqualTo(200);
    }
    assertThat(history(impatient.get(0))).isEqualTo(history(impatient.get(1)));
    LOG.info("{} hostile requests to two collectors: {}", HOSTILE_REQUESTS, statuses);
  }

  private String history(URI collector) throws IOException, InterruptedException {
    return body(collector + "/metrics?scope=history");
  }
}
