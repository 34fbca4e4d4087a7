package dev.latentgauge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.latentgauge.collector.HostileRequests;
import dev.latentgauge.collector.Ports;
import dev.latentgauge.collector.PostgresServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What can happen to a collector in production, done to real processes while clients report to it.
 * What was acknowledged must be stored, once; it must not end by itself, and must recover by
 * itself.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class CollectorFaultsIT {

  private static final Logger LOG = LoggerFactory.getLogger(CollectorFaultsIT.class);
  private static final int CLIENTS = 8;
  private static final int KILLS = 20;
  private static final int HOSTILE_REQUESTS = 10_000;

  private final long seed = new SplittableRandom().nextLong(1_000_000);
  private final SplittableRandom random = new SplittableRandom(seed);
  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir private Path folder;
  private Processes processes = new Processes(Path.of("."));
  private URI address = URI.create("http://127.0.0.1");
  private int started;

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
      try (Load load = new Load(address, CLIENTS, seed)) {
        for (String mode : List.of("fast", "immediate", "immediate")) {
          load.awaitMore(1 + random.nextInt(3000));
          postgres.stop(mode);
          assertThat(status("/health/live")).isEqualTo(200);
          patiently().until(() -> status("/health/ready") == 503);
          postgres.resume();
          load.awaitMore(1000);
          patiently().until(() -> status("/health/ready") == 200);
        }
        load.finish();
        load.assertAllStored();
        report("PostgreSQL restarted 3 times", load);
      }
      assertThat(collector.isAlive()).isTrue();
      assertThat(processes.printed("collector-1")).doesNotContain(PostgresServer.PASSWORD);
    }
  }

  @Test
  void aFullDiskRefusesAndRecoversByItself() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Process collector =
        start(
            List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o size=24m disk " + disk + " && exec \"$@\"",
                "sh"),
            Map.of(),
            disk.resolve("data"));
    // The disk is there for the collector alone; this is how it sees it.
    Path filler =
        Path.of("/proc", Long.toString(collector.pid()), "root", disk.toString(), "filler");
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

  private static void fill(Path filler) throws IOException {
    byte[] zeros = new byte[1 << 16];
    try (OutputStream out = Files.newOutputStream(filler, StandardOpenOption.CREATE_NEW)) {
      while (true) {
        out.write(zeros);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left on device");
    }
    try (OutputStream out = Files.newOutputStream(filler, StandardOpenOption.APPEND)) {
      for (int i = 0; i < zeros.length; i++) {
        out.write(0);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left on device");
    }
  }

  @Test
  void aClockThatJumpsLosesNoRunAndDeletesNone() throws Exception {
    Path clock = Files.writeString(folder.resolve("clock"), "+0");
    Process collector =
        start(
            List.of(),
            Map.of(
                "LD_PRELOAD", fakeTime().toString(),
                "FAKETIME_TIMESTAMP_FILE", clock.toString(),
                "FAKETIME_NO_CACHE", "1",
                "DONT_FAKE_MONOTONIC", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1"),
            folder.resolve("data"),
            "--lost-after",
            "1h",
            "--keep",
            "1d",
            "--linger",
            "1");
    assertThat(put("/v1/runs/ended", "{}")).isEqualTo(200);
    assertThat(post("/v1/runs/ended/end", "{\"state\":\"completed\"}")).isEqualTo(200);
    try (Load load = new Load(address, 2, seed)) {
      for (String jump : List.of("+3000d", "-3000d", "+0")) {
        load.awaitMore(500);
        Files.writeString(clock, jump);
        assertThat(put("/v1/runs/at" + jump.replace("+", ""), "{}")).isEqualTo(200);
        Instant seen = registeredAt("at" + jump.replace("+", ""));
        long days = Long.parseLong(jump.replace("d", ""));
        assertThat(ChronoUnit.DAYS.between(Instant.now(), seen)).isBetween(days - 1, days + 1);
        // Long enough for two rounds of housekeeping.
        Instant start = Instant.now();
        patiently().until(() -> Duration.between(start, Instant.now()).toSeconds() >= 11);
        assertThat(body("/v1/runs/ended")).contains("\"state\":\"completed\"");
        assertThat(body("/v1/runs/load-0")).contains("\"state\":\"live\"");
      }
      load.finish();
      load.assertAllStored();
      report("clock set 3000 days on and back", load);
    }
    assertThat(collector.isAlive()).isTrue();
  }

  private static Path fakeTime() throws IOException {
    try (Stream<Path> folders = Files.list(Path.of("/usr/lib"))) {
      return folders
          .map(architecture -> architecture.resolve("faketime/libfaketimeMT.so.1"))
          .filter(Files::exists)
          .findFirst()
          .orElseThrow(() -> new IOException("libfaketime must be installed, but is not"));
    }
  }

  @Test
  void slowAndHalfOpenClientsDoNotKeepOthersWaitingAndLeaveNothingBehind() throws Exception {
    Process collector = startCollector();
    assertThat(status("/health/ready")).isEqualTo(200);
    long before = openFiles(collector);
    List<Socket> sockets = new ArrayList<>();
    try (Load load = new Load(address, CLIENTS, seed)) {
      load.awaitMore(100);
      for (int i = 0; i < 500; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort());
        sockets.add(socket);
        String head = "POST /v1/runs/slow/observations HTTP/1.1\r\nHost: 127.0.0.1\r\n";
        String half =
            switch (i % 4) {
              case 0 -> "";
              case 1 -> "GET /metr";
              case 2 -> head + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";
              default ->
                  "GET /v1/runs/load-0/observations?limit=1000 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
            };
        socket.getOutputStream().write(half.getBytes(StandardCharsets.US_ASCII));
      }
      load.awaitMore(2000);
      load.finish();
      load.assertAllStored();
      report("500 slow and half-open clients", load);
    }
    for (Socket socket : sockets) {
      socket.setSoLinger(true, 0);
      socket.close();
    }
    patiently().until(() -> openFiles(collector) <= before + 2 * CLIENTS);
  }

  @Test
  void tenThousandRequestsThatMeanHarmLeaveNothingBehind() throws Exception {
    Path data = folder.resolve("data");
    Process collector = processes.startJava("impatient", ImpatientCollector.class, data.toString());
    address =
        URI.create(processes.awaitPrinted("impatient", collector, "listening on (http://\\S+)"));
    fireHostileRequests(HOSTILE_REQUESTS / 5);
    patiently().until(() -> connections() <= 2);
    long files = openFiles(collector);
    double heap = heapInUse(collector);
    Map<String, Integer> statuses = fireHostileRequests(HOSTILE_REQUESTS);
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

  /**
   * Sends so many from several clients at once, and answers how often what was answered to what.
   */
  private Map<String, Integer> fireHostileRequests(int count) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<HostileRequests.Outcome>> outcomes = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        long own = random.nextLong(1 << 30);
        outcomes.add(threads.submit(() -> HostileRequests.fire(address, own, count / CLIENTS)));
      }
      Map<String, Integer> statuses = new TreeMap<>();
      for (Future<HostileRequests.Outcome> outcome : outcomes) {
        assertThat(outcome.get().violations()).isEmpty();
        outcome
            .get()
            .statuses()
            .forEach((kind, times) -> statuses.merge(kind, times, Integer::sum));
      }
      return statuses;
    } finally {
      threads.shutdownNow();
    }
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

  private double metric(String beginning) throws IOException, InterruptedException {
    return body("/metrics")
        .lines()
        .filter(line -> line.startsWith(beginning))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static long openFiles(Process process) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
      return files.count();
    }
  }

  private static String[] options(PostgresServer postgres) {
    return new String[] {"--database-url", postgres.url()};
  }

  private Process startCollector(String... options) {
    return start(
        List.of(),
        Map.of("LATENTGAUGE_DATABASE_PASSWORD", PostgresServer.PASSWORD),
        folder.resolve("data"),
        options);
  }

  private Process start(
      List<String> before, Map<String, String> environment, Path data, String... options) {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(Processes.java(), "-Xmx512m", "-jar", Processes.JAR.toString(), "serve"));
    command.addAll(List.of("--port", Integer.toString(address.getPort())));
    command.addAll(List.of("--data", data.toString()));
    command.addAll(List.of(options));
    String name = "collector-" + ++started;
    Process process = processes.start(name, environment, command.toArray(String[]::new));
    processes.awaitPrinted(name, process, "listening on (http://\\S+)");
    return process;
  }

  private void report(String what, Load load) {
    LOG.info(
        "{}: {} observations acknowledged and stored, none twice, {} reports repeated",
        what,
        load.acknowledged(),
        load.failed());
  }

  private static ConditionFactory patiently() {
    return Awaitility.await().atMost(2, TimeUnit.MINUTES);
  }

  private int status(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(address.resolve(path)).build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  private String body(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(address.resolve(path)).build();
    return client.send(request, BodyHandlers.ofString()).body();
  }

  private Instant registeredAt(String run) throws IOException, InterruptedException {
    return Instant.parse(
        JsonParser.parseString(body("/v1/runs/" + run))
            .getAsJsonObject()
            .get("registeredAt")
            .getAsString());
  }

  private int put(String path, String json) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(address.resolve(path)).PUT(BodyPublishers.ofString(json)));
  }

  private int post(String path, String json) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(address.resolve(path)).POST(BodyPublishers.ofString(json)));
  }

  private int send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client
        .send(request.header("Content-Type", "application/json").build(), BodyHandlers.discarding())
        .statusCode();
  }

  private String refusal() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve("/v1/runs/refused"))
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString("{}"))
            .build();
    return client.send(request, BodyHandlers.ofString()).body();
  }
}
