package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.latentgauge.collector.Ports;
import dev.latentgauge.collector.PostgresServer;
import dev.latentgauge.tests.Balancer;
import dev.latentgauge.tests.Processes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Whether a fleet of collectors takes what very many agents report, on one machine: each agent has
 * a run and a connection of its own, and reports one observation every 15 seconds, until it is
 * acknowledged. At a third of the time one collector is killed, and at two thirds started again. At
 * the end it looks whether each run has all that was acknowledged, and nothing else.
 *
 * <p>Collectors, balancers, PostgreSQL and agents share the processors. It ends with exit status 1
 * if anything is missing.
 *
 * <p>{@code tests/benchmark.sh FleetBenchmark [--agents N] [--collectors N] [--seconds N]}; eleven
 * minutes.
 */
public final class FleetBenchmark implements AutoCloseable {

  private static final Duration INTERVAL = Duration.ofSeconds(15);

  /** A balancer has two connections for each. */
  private static final int AGENTS_OF_A_BALANCER = 5000;

  private static final String ABOUT =
      "Each agent has a run and a connection of its own, and reports one observation every 15"
          + " seconds, until it is acknowledged, to collectors\nbehind HAProxy with one PostgreSQL,"
          + " all of which share the processors. One collector is killed after a third of the time,"
          + " and started again\nafter two. At the end each collector is asked whether each run has"
          + " all that was acknowledged, and nothing else.";

  private final Vertx vertx = Vertx.vertx();
  private final PrintStream out;
  private final Path folder;
  private final Processes processes;
  private final PostgresServer postgres;
  private final Map<String, String> versions;
  private final List<URI> collectors = new ArrayList<>();
  private final List<Process> running = new ArrayList<>();
  private final List<URI> balancers = new ArrayList<>();
  private final Table minutes =
      new Table(
          "Reports",
          "after, s",
          "what had happened",
          "acknowledged",
          "repeated",
          "half sooner than, ms",
          "99 %, ms",
          "all, ms");

  private FleetBenchmark(PrintStream out) throws IOException {
    this.out = out;
    versions =
        Map.of(
            "PostgreSQL",
            Machine.version("psql", "--version"),
            "HAProxy",
            Machine.version("/usr/sbin/haproxy", "-v"));
    folder = Files.createTempDirectory("fleet");
    processes = new Processes(folder);
    postgres = PostgresServer.start();
  }

  /**
   * Runs it.
   *
   * @param arguments pairs of {@code --agents} (10,000), {@code --collectors} (2), {@code
   *     --seconds} (600) and a whole number from 1
   * @throws IllegalArgumentException if they are others
   * @throws Exception if a program cannot be started, or does not answer
   */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    Map<String, Integer> options = options(arguments);
    Result result =
        run(
            options.getOrDefault("--agents", 10_000),
            options.getOrDefault("--collectors", 2),
            options.getOrDefault("--seconds", 600),
            out);
    result.write(Result.FOLDER);
    System.exit(result.goals().stream().allMatch(Goal::isMet) ? 0 : 1);
  }

  private static Map<String, Integer> options(String... arguments) {
    Map<String, Integer> options = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      boolean isKnown =
          List.of("--agents", "--collectors", "--seconds").contains(arguments[i])
              && i + 1 < arguments.length
              && arguments[i + 1].matches("[1-9][0-9]{0,5}");
      if (!isKnown) {
        throw new IllegalArgumentException(
            "the options must be --agents, --collectors or --seconds and a whole number from 1, but"
                + " are "
                + String.join(" ", arguments));
      }
      options.put(arguments[i], Integer.valueOf(arguments[i + 1]));
    }
    return options;
  }

  /** Runs it, and prints a line a minute. */
  static Result run(int agents, int collectors, int seconds, PrintStream out) throws Exception {
    try (FleetBenchmark benchmark = new FleetBenchmark(out)) {
      benchmark.start(collectors, (agents + AGENTS_OF_A_BALANCER - 1) / AGENTS_OF_A_BALANCER);
      return benchmark.run(agents, seconds);
    }
  }

  private void start(int collectorCount, int balancerCount) throws IOException {
    for (int i = 0; i < collectorCount; i++) {
      collectors.add(URI.create("http://127.0.0.1:" + Ports.free()));
    }
    List<Balancer> started = new ArrayList<>();
    for (int i = 0; i < balancerCount; i++) {
      URI address = URI.create("http://127.0.0.1:" + Ports.free());
      Path own = Files.createDirectory(folder.resolve("balancer-" + i));
      started.add(Balancer.start(processes, own, address, List.copyOf(collectors)));
      balancers.add(address);
    }
    for (int i = 0; i < collectorCount; i++) {
      running.add(startCollector(i));
      int number = i;
      started.forEach(balancer -> balancer.awaitReady(number));
    }
  }

  private Process startCollector(int number) {
    String name = "collector-" + number;
    Process process =
        processes.start(
            name,
            Map.of("LATENTGAUGE_DATABASE_PASSWORD", PostgresServer.PASSWORD),
            Processes.java(),
            "-jar",
            Servers.jar().toString(),
            "serve",
            "--port",
            Integer.toString(collectors.get(number).getPort()),
            "--data",
            folder.resolve("data-" + number).toString(),
            "--database-url",
            postgres.url());
    processes.awaitPrinted(name, process, "listening on (http://\\S+)");
    return process;
  }

  private Result run(int agentCount, int seconds) throws Exception {
    HttpClientAgent client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout(10_000).setKeepAliveTimeout(0));
    AtomicBoolean enough = new AtomicBoolean();
    SimulatedAgents agents = new SimulatedAgents(vertx, client, balancers, agentCount, INTERVAL);
    Future<Void> finished = agents.start(enough::get);
    long begin = System.nanoTime();
    int victim = collectors.size() - 1;
    String what = "all ran";
    for (int second = 1; second <= seconds; second++) {
      TimeUnit.NANOSECONDS.sleep(begin + TimeUnit.SECONDS.toNanos(second) - System.nanoTime());
      if (second == seconds / 3 && collectors.size() > 1) {
        add(agents.row(second, what));
        running.get(victim).destroyForcibly().waitFor();
        what = "one was killed";
      } else if (second == 2 * seconds / 3 && collectors.size() > 1) {
        add(agents.row(second, what));
        running.set(victim, startCollector(victim));
        what = "it was started again";
      }
      if (second % 60 == 0 || second == seconds) {
        add(agents.row(second, what));
      }
    }
    enough.set(true);
    finished.toCompletionStage().toCompletableFuture().get(5, TimeUnit.MINUTES);
    add(agents.row((int) TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin), "the end"));
    return result(agents);
  }

  private void add(Cell... row) {
    minutes.add(row);
    out.println(
        IntStream.range(0, row.length)
            .mapToObj(i -> minutes.columns().get(i) + ": " + row[i].markdown())
            .collect(Collectors.joining("; ")));
  }

  /** Looks at every run by every collector. */
  private Result result(SimulatedAgents agents) throws IOException, InterruptedException {
    Map<String, Long> sent = agents.acknowledged();
    Table found =
        new Table("What is there", "collector", "runs", "observations", "runs that are not whole");
    long most = 0;
    for (int i = 0; i < collectors.size(); i++) {
      Map<String, Long> stored = stored(collectors.get(i));
      long missing =
          sent.entrySet().stream()
              .filter(run -> !run.getValue().equals(stored.get(run.getKey())))
              .count();
      long others = stored.keySet().stream().filter(run -> !sent.containsKey(run)).count();
      most = Math.max(most, missing + others);
      found.add(
          Cell.ofCount(i),
          Cell.ofCount(stored.size()),
          Cell.ofCount(stored.values().stream().mapToLong(Long::longValue).sum()),
          Cell.ofCount(missing + others));
    }
    out.println(found.markdown());
    return Result.of(
        FleetBenchmark.class,
        "A fleet",
        ABOUT,
        LocalDate.now(Clock.systemUTC()).toString(),
        versions,
        List.of(minutes, found),
        List.of(
            Goal.atMost(
                "runs that miss what was acknowledged, or have more",
                0,
                Cell.ofCount(most),
                sent.size() + " agents")));
  }

  private static Map<String, Long> stored(URI collector) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    Map<String, Long> stored = new HashMap<>();
    String cursor = "";
    do {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(collector.resolve("/v1/runs?limit=1000" + cursor)).build(),
              BodyHandlers.ofString());
      JsonObject page = JsonParser.parseString(answer.body()).getAsJsonObject();
      for (JsonElement run : page.getAsJsonArray("runs")) {
        JsonObject document = run.getAsJsonObject();
        stored.put(document.get("name").getAsString(), document.get("observations").getAsLong());
      }
      JsonElement next = page.get("next");
      cursor = next.isJsonNull() ? "" : "&cursor=" + next.getAsString();
    } while (!cursor.isEmpty());
    return stored;
  }

  @Override
  public void close() throws IOException {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    processes.close();
    postgres.close();
  }
}
