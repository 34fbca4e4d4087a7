package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latentgauge.collector.PostgresServer;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.Wire;
import dev.latentgauge.relative.Score;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * How many observations a second the collector makes durable, and how long clients wait for that,
 * beside what Prometheus's Pushgateway does with as much.
 *
 * <p>The collector runs as users start it, with SQLite and with PostgreSQL; each observation is
 * acknowledged when it is on the disk, and stays in the history. Pushgateway keeps the last push of
 * a group in memory alone. An observation is a push there, of the six numbers that it has, to one
 * of 200 groups, as runs here; in a batch a push has as many of them as a report here.
 *
 * <p>The servers take turns in each round; the table has the medians of the rounds. The clients
 * share the processors with the server. It prints a table in Markdown:
 *
 * <p>{@code tests/benchmark.sh CollectorBenchmark [--seconds SECONDS_A_CELL]}
 */
public final class CollectorBenchmark {

  private static final double DEFAULT_SECONDS = 5;
  private static final int ROUNDS = 3;
  private static final int RUNS = 200;
  private static final int[] CLIENTS = {1, 16, 256};
  private static final int[] SIZES = {1, 1000};
  private static final int MOST_CLIENTS_OF_BATCHES = 16;

  private final Vertx vertx = Vertx.vertx();
  private final double seconds;
  private final PrintStream out;
  private final long[] nextStep = new long[RUNS];

  private CollectorBenchmark(double seconds, PrintStream out) {
    this.seconds = seconds;
    this.out = out;
  }

  /**
   * Prints the table.
   *
   * @param arguments none, or {@code --seconds} and a number above 0
   * @throws IllegalArgumentException if they are others
   * @throws IOException if a server cannot be started
   */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    double seconds = arguments.length == 0 ? DEFAULT_SECONDS : OverheadBenchmark.seconds(arguments);
    new CollectorBenchmark(seconds, out).print(CLIENTS, SIZES, ROUNDS);
    System.exit(0);
  }

  /** A smoke run. */
  static void print(double seconds, PrintStream out) throws IOException {
    new CollectorBenchmark(seconds, out).print(new int[] {2}, new int[] {1, 10}, 1);
  }

  private void print(int[] clients, int[] sizes, int rounds) throws IOException {
    Path folder = Files.createTempDirectory("benchmark");
    try (PostgresServer postgres = PostgresServer.start();
        Servers servers = new Servers(folder)) {
      List<Servers.Server> all =
          List.of(
              servers.collector("SQLite", "--data", folder.resolve("sqlite").toString()),
              servers.collector(
                  "PostgreSQL",
                  "--data",
                  folder.resolve("postgres").toString(),
                  "--database-url",
                  postgres.url()),
              servers.pushgateway());
      warmUp(all);
      out.println(
          "| clients | observations a request | server | observations a second"
              + " | median ms | 99 % ms | times Pushgateway |");
      out.println("|---:|---:|---|---:|---:|---:|---:|");
      for (int size : sizes) {
        for (int number : clients) {
          if (size == 1 || number <= MOST_CLIENTS_OF_BATCHES) {
            row(all, number, size, rounds);
          }
        }
      }
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private void warmUp(List<Servers.Server> servers) {
    for (Servers.Server server : servers) {
      fire(server, 16, 1);
      fire(server, 4, 100);
    }
  }

  private void row(List<Servers.Server> servers, int clients, int size, int rounds) {
    List<List<Burst.Result>> results = new ArrayList<>();
    servers.forEach(server -> results.add(new ArrayList<>()));
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < servers.size(); i++) {
        results.get(i).add(fire(servers.get(i), clients, size));
      }
    }
    double gateway = rate(results.get(servers.size() - 1), size);
    for (int i = 0; i < servers.size(); i++) {
      List<Burst.Result> of = results.get(i);
      out.println(
          String.format(
              Locale.ROOT,
              "| %d | %d | %s | %.0f | %.1f | %.1f | %.1f |",
              clients,
              size,
              servers.get(i).name(),
              rate(of, size),
              Quantiles.median(of.stream().map(Burst.Result::medianMillis).toList()),
              Quantiles.median(of.stream().map(Burst.Result::highMillis).toList()),
              rate(of, size) / gateway));
    }
  }

  private static double rate(List<Burst.Result> results, int size) {
    return size * Quantiles.median(results.stream().map(Burst.Result::perSecond).toList());
  }

  private Burst.Result fire(Servers.Server server, int clients, int size) {
    Burst.Shots shots =
        server.isCollector() ? client -> report(client, size) : client -> push(client, size);
    Burst.Result result = Burst.fire(vertx, server.address(), clients, seconds, shots);
    if (result.refused() > 0) {
      throw new IllegalStateException(
          server.name() + " refused " + result.refused() + " of " + result.requests());
    }
    return result;
  }

  private Burst.Shot report(int client, int size) {
    int run = client % RUNS;
    long first = nextStep[run];
    nextStep[run] += size;
    String body =
        Wire.write(
            LongStream.range(first, first + size)
                .mapToObj(CollectorBenchmark::observation)
                .toList());
    return new Burst.Shot(
        HttpMethod.POST,
        "/v1/runs/run-" + run + "/observations",
        "application/json",
        Buffer.buffer(body));
  }

  private static Observation observation(long step) {
    return Observation.builder(
            new Observation.Key(1, "encoder", "good@0123456789ab", step),
            Instant.EPOCH,
            "soft",
            new Score(0.75, 0.5, 1.0 / (1 + step), 0.0625, 512, 128))
        .epoch(step / 1000.0)
        .build();
  }

  private Burst.Shot push(int client, int size) {
    int run = client % RUNS;
    long first = nextStep[run];
    nextStep[run] += size;
    String body =
        List.of("similarity", "similarity_chance", "score", "score_standard_error", "step", "epoch")
            .stream()
            .map(name -> samples("latentgauge_" + name, first, size))
            .collect(Collectors.joining());
    return new Burst.Shot(
        HttpMethod.PUT, "/metrics/job/benchmark/run/run-" + run, "text/plain", Buffer.buffer(body));
  }

  private static String samples(String name, long first, int size) {
    StringBuilder text = new StringBuilder("# TYPE ").append(name).append(" gauge\n");
    for (int i = 0; i < size; i++) {
      text.append(name)
          .append("{layer=\"encoder\",reference=\"good@0123456789ab\",number=\"")
          .append(i)
          .append("\"} ")
          .append(1.0 / (1 + first + i))
          .append('\n');
    }
    return text.toString();
  }
}
