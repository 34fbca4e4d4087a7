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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What can happen in production, done to real collectors while clients report to them. What was
 * acknowledged must be stored, once; who was not killed must not end, and must recover by itself.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
abstract class Faults {

  static final Logger LOG = LoggerFactory.getLogger(Faults.class);
  static final int CLIENTS = 8;

  /** For a collector whose housekeeping has something to do. */
  static final String[] KEEPING = {"--lost-after", "1h", "--keep", "1d", "--linger", "1"};

  static final int HOSTILE_REQUESTS = 10_000;

  private static final int SLOW_CLIENTS = 500;

  final long seed = new SplittableRandom().nextLong(1_000_000);
  final SplittableRandom random = new SplittableRandom(seed);
  @TempDir Path folder;
  Processes processes = new Processes(Path.of("."));

  /** Where clients report to. */
  URI address = URI.create("http://127.0.0.1");

  private final HttpClient client = HttpClient.newHttpClient();
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

  /**
   * Sets the clock of a collector on and back; housekeeping must lose no run by it, and delete
   * none. The collector must run with {@link #clock} and {@link #KEEPING}.
   */
  void setClock(Path clock, URI collector) throws Exception {
    assertThat(put("/v1/runs/ended", "{}")).isEqualTo(200);
    assertThat(post("/v1/runs/ended/end", "{\"state\":\"completed\"}")).isEqualTo(200);
    try (Load load = new Load(address, 2, seed)) {
      for (String jump : List.of("+3000d", "-3000d", "+0")) {
        load.awaitMore(500);
        Files.writeString(clock, jump);
        String run = "/v1/runs/at" + jump.replace("+", "");
        assertThat(put(collector + run, "{}")).isEqualTo(200);
        long days = Long.parseLong(jump.replace("d", ""));
        assertThat(ChronoUnit.DAYS.between(Instant.now(), registeredAt(run)))
            .isBetween(days - 1, days + 1);
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
  }

  /** What makes a process take its clock from a file, which says how far it is off. */
  static Map<String, String> clock(Path file) throws IOException {
    return Map.of(
        "LD_PRELOAD", fakeTime().toString(),
        "FAKETIME_TIMESTAMP_FILE", file.toString(),
        "FAKETIME_NO_CACHE", "1",
        "DONT_FAKE_MONOTONIC", "1",
        "FAKETIME_DONT_FAKE_MONOTONIC", "1");
  }

  /** Reports while very many clients say nothing, half of what they should, or do not read. */
  void reportBesideSlowClients() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try (Load load = new Load(address, CLIENTS, seed)) {
      load.awaitMore(100);
      for (int i = 0; i < SLOW_CLIENTS; i++) {
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
      report(SLOW_CLIENTS + " slow and half-open clients", load);
    }
    for (Socket socket : sockets) {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  /** What runs a program to which a folder is a disk of 24 MiB. */
  static List<String> onSmallDisk(Path folder) {
    return List.of(
        "unshare",
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        "mount -t tmpfs -o size=24m disk " + folder + " && exec \"$@\"",
        "sh");
  }

  /** A file on that disk, which is there for the program alone. */
  static Path filler(Process program, Path disk) {
    return Path.of("/proc", Long.toString(program.pid()), "root", disk.toString(), "filler");
  }

  /** Fills the disk under a file. */
  static void fill(Path filler) throws IOException {
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

  /** Stops a database server in all ways while clients report. */
  void restart(PostgresServer postgres) throws Exception {
    try (Load load = new Load(address, CLIENTS, seed)) {
      for (String mode : List.of("fast", "immediate", "immediate")) {
        load.awaitMore(1 + random.nextInt(3000));
        postgres.stop(mode);
        awaitNotReady();
        postgres.resume();
        load.awaitMore(1000);
        patiently().until(() -> status("/health/ready") == 200);
      }
      load.finish();
      load.assertAllStored();
      report("PostgreSQL restarted 3 times", load);
    }
  }

  /**
   * Sends so many from several clients at once, and answers how often what was answered to what.
   */
  Map<String, Integer> fireHostileRequests(int count, URI... collectors) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<HostileRequests.Outcome>> outcomes = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        long own = random.nextLong(1 << 30);
        URI collector = collectors[i % collectors.length];
        outcomes.add(threads.submit(() -> HostileRequests.fire(collector, own, count / CLIENTS)));
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

  void awaitNotReady() throws Exception {
    patiently().until(() -> status("/health/ready") == 503);
  }

  /**
   * Starts a collector, and waits until it listens.
   *
   * @param before what runs it, if that is something else
   */
  Process start(
      List<String> before,
      Map<String, String> environment,
      int port,
      Path data,
      String... options) {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(Processes.java(), "-Xmx512m", "-jar", Processes.JAR.toString(), "serve"));
    command.addAll(List.of("--port", Integer.toString(port), "--data", data.toString()));
    command.addAll(List.of(options));
    String name = "collector-" + ++started;
    Process process = processes.start(name, environment, command.toArray(String[]::new));
    processes.awaitPrinted(name, process, "listening on (http://\\S+)");
    return process;
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

  double metric(String beginning) throws IOException, InterruptedException {
    return body("/metrics")
        .lines()
        .filter(line -> line.startsWith(beginning))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  static long openFiles(Process process) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
      return files.count();
    }
  }

  static String[] options(PostgresServer postgres) {
    return new String[] {"--database-url", postgres.url()};
  }

  static void report(String what, Load load) {
    LOG.info(
        "{}: {} observations acknowledged and stored, none twice, {} reports repeated",
        what,
        load.acknowledged(),
        load.failed());
  }

  static ConditionFactory patiently() {
    return Awaitility.await().atMost(2, TimeUnit.MINUTES);
  }

  int status(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(address.resolve(path)).build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  String body(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(address.resolve(path)).build();
    return client.send(request, BodyHandlers.ofString()).body();
  }

  private Instant registeredAt(String run) throws IOException, InterruptedException {
    return Instant.parse(
        JsonParser.parseString(body(run)).getAsJsonObject().get("registeredAt").getAsString());
  }

  int put(String path, String json) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(address.resolve(path)).PUT(BodyPublishers.ofString(json)));
  }

  int post(String path, String json) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(address.resolve(path)).POST(BodyPublishers.ofString(json)));
  }

  private int send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client
        .send(request.header("Content-Type", "application/json").build(), BodyHandlers.discarding())
        .statusCode();
  }

  String refusal() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve("/v1/runs/refused"))
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString("{}"))
            .build();
    return client.send(request, BodyHandlers.ofString()).body();
  }
}
