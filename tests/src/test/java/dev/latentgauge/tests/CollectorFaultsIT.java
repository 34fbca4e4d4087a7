package dev.latentgauge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What can happen to one collector. */
class CollectorFaultsIT extends Faults {

  private static final int KILLS = 20;

  private Process startCollector(String... options) {
    return start(
        List.of(),
        Map.of("LATENTGAUGE_DATABASE_PASSWORD", PostgresServer.PASSWORD),
        address.getPort(),
        folder.resolve("data"),
        options);
  }

  @Override
  void awaitNotReady() throws Exception {
    assertThat(status("/health/live")).isEqualTo(200);
    super.awaitNotReady();
  }

  @Test
  void aCollectorThatIsKilledTwentyTimesUnderLoadLosesNothing() throws Exception {
    Process collector = startCollector();
    try (Load load = new Load(address, CLIENTS, seed)) {
      for (int kill = 0; kill < KILLS; kill++) {
        load.awaitMore(1 + random.nextInt(3000));
        collector.destroyForcibly().waitFor();
        collector = startCollector();
      }
      load.awaitMore(1000);
      load.finish();
      load.assertAllStored();
      report("killed " + KILLS + " times, SQLite", load);
    }
    assertThat(collector.isAlive()).isTrue();
  }

  @Test
  void aCollectorThatIsKilledUnderLoadLosesNothingOfADatabaseServer() throws Exception {
    try (PostgresServer postgres = PostgresServer.start()) {
      String[] options = options(postgres);
      Process collector = startCollector(options);
      try (Load load = new Load(address, CLIENTS, seed)) {
        for (int kill = 0; kill < 5; kill++) {
          load.awaitMore(1 + random.nextInt(3000));
          collector.destroyForcibly().waitFor();
          collector = startCollector(options);
        }
        load.finish();
        load.assertAllStored();
        report("killed 5 times, PostgreSQL", load);
      }
    }
  }

  @Test
  void aDatabaseServerThatIsRestartedOrCrashesCostsNothingButTime() throws Exception {
    try (PostgresServer postgres = PostgresServer.start()) {
      Process collector = startCollector(options(postgres));
      restart(postgres);
      assertThat(collector.isAlive()).isTrue();
      assertThat(processes.printed("collector-1")).doesNotContain(PostgresServer.PASSWORD);
    }
  }

  @Test
  void aFullDiskRefusesAndRecoversByItself() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Process collector = start(onSmallDisk(disk), Map.of(), address.getPort(), disk.resolve("data"));
    Path filler = filler(collector, disk);
    try (Load load = new Load(address, CLIENTS, seed)) {
      for (int round = 0; round < 3; round++) {
        load.awaitMore(1000);
        long before = load.failed();
        fill(filler);
        patiently().until(() -> load.failed() > before + CLIENTS);
        // What has room in the log as it is may still be taken, and is then as durable as any.
        patiently().until(() -> refusal().contains("\"status\":507"));
        assertThat(load.refusals()).contains("the disk under the history is full: make room");
        patiently().until(() -> status("/health/ready") == 503);
        assertThat(status("/v1/runs")).isEqualTo(200);
        assertThat(status("/metrics")).isEqualTo(200);
        Files.delete(filler);
        load.awaitMore(1000);
        patiently().until(() -> status("/health/ready") == 200);
      }
      load.finish();
      load.assertAllStored();
      report("disk full 3 times", load);
    }
    assertThat(collector.isAlive()).isTrue();
  }

  @Test
  void aClockThatJumpsLosesNoRunAndDeletesNone() throws Exception {
    Path clock = Files.writeString(folder.resolve("clock"), "+0");
    Process collector =
        start(List.of(), clock(clock), address.getPort(), folder.resolve("data"), KEEPING);
    setClock(clock, address);
    assertThat(collector.isAlive()).isTrue();
  }

  @Test
  void slowAndHalfOpenClientsDoNotKeepOthersWaitingAndLeaveNothingBehind() throws Exception {
    Process collector = startCollector();
    assertThat(status("/health/ready")).isEqualTo(200);
    long before = openFiles(collector);
    reportBesideSlowClients();
    patiently().until(() -> openFiles(collector) <= before + 2 * CLIENTS);
  }

  @Test
  void tenThousandRequestsThatMeanHarmLeaveNothingBehind() throws Exception {
    Path data = folder.resolve("data");
    Process collector = processes.startJava("impatient", ImpatientCollector.class, data.toString());
    address =
        URI.create(processes.awaitPrinted("impatient", collector, "listening on (http://\\S+)"));
    fireHostileRequests(HOSTILE_REQUESTS / 5, address);
    patiently().until(() -> connections() <= 2);
    long files = openFiles(collector);
    double heap = heapInUse(collector);
    Map<String, Integer> statuses = fireHostileRequests(HOSTILE_REQUESTS, address);
    patiently().until(() -> connections() <= 2);
    assertThat(openFiles(collector)).isLessThanOrEqualTo(files + CLIENTS);
    double heapAfter = heapInUse(collector);
    assertThat(heapAfter).isLessThan(heap + 32e6);
    assertThat(collector.isAlive()).isTrue();
    assertThat(status("/health/ready")).isEqualTo(200);
    LOG.info(
        "{} hostile requests answered by design; heap in use {} MB before, {} MB after: {}",
        HOSTILE_REQUESTS,
        Math.round(heap / 1e6),
        Math.round(heapAfter / 1e6),
        statuses);
  }

  private double connections() throws IOException, InterruptedException {
    return metric("vertx_http_server_active_connections");
  }

  /** In bytes, once what nobody needs is gone. */
  private double heapInUse(Process process) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process collection =
        processes.start("gc", jcmd.toString(), Long.toString(process.pid()), "GC.run");
    assertThat(collection.waitFor()).as(() -> processes.printed("gc")).isZero();
    return metric("jvm_memory_used_bytes{area=\"heap\"");
  }
}
