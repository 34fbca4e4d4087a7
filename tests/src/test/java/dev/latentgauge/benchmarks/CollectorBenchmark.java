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
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * How many observations a second the collector makes durable, and how long clients wait for that,
 * beside what Prometheus's Pushgateway does with as much, and an empty handler of Vert.x.
 *
 * <p>{@code tests/benchmark.sh CollectorBenchmark [--seconds SECONDS_A_CELL]}; nine minutes.
 */
public final class CollectorBenchmark {

  private static final double DEFAULT_SECONDS = 3;
  private static final int ROUNDS = 5;
  private static final int WARM_UPS = 6;
  private static final int RUNS = 200;
  private static final int BATCH = 1000;
  private static final int MOST_CLIENTS = 256;

  /** How many clients send how many observations a request. */
  private record Load(int clients, int size) {
    String where(Servers.Server server) {
      return server.name() + ", " + clients + " clients";
    }
  }

  private static final List<Load> LOADS =
      List.of(
          new Load(1, 1),
          new Load(16, 1),
          new Load(MOST_CLIENTS, 1),
          new Load(1, BATCH),
          new Load(16, BATCH));

  private static final String ABOUT =
      "The collector runs as users start it, with SQLite and with PostgreSQL, and each observation"
          + " is on the disk and in the history when it\nis acknowledged. Pushgateway keeps the last"
          + " push of a group in memory: an observation is a push there, of the six numbers\nthat it"
          + " has, to one of 200 groups, as runs here; in a batch a push has as many of them as a"
          + " report here. The empty handler\nreads a report and answers. The servers take turns in"
          + " each round, after "
          + WARM_UPS
          + " turns that do not count, and share the processors\nwith the clients.";

  private final Vertx vertx = Vertx.vertx();
  private final double seconds;
  private final PrintStream out;
  private final long[] nextStep = new long[RUNS];
  private final List<Row> rows = new ArrayList<>();

  /** What a server did with a load, in each round. */
  private record Row(Load load, Servers.Server server, List<Burst.Result> rounds) {
    List<Double> rates() {
      return rounds.stream().map(round -> load.size() * round.perSecond()).toList();
    }
  }

  private CollectorBenchmark(double seconds, PrintStream out) {
    this.seconds = seconds;
    this.out = out;
  }

  /**
   * Measures, and writes the result to {@code tests/benchmarks}.
   *
   * @param arguments none, or {@code --seconds} and a number above 0
   * @throws IllegalArgumentException if they are others
   * @throws IOException if a server cannot be started, or the result not be written
   */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    double seconds = Arguments.seconds(arguments, DEFAULT_SECONDS);
    new CollectorBenchmark(seconds, out).run(LOADS, ROUNDS).write(Result.FOLDER);
    System.exit(0);
  }

  /** A smoke run. */
  static Result smoke(double seconds, PrintStream out) throws IOException {
    return new CollectorBenchmark(seconds, out)
        .run(List.of(new Load(MOST_CLIENTS, 1), new Load(1, 1), new Load(1, BATCH)), 1);
  }

  private Result run(List<Load> loads, int rounds) throws IOException {
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
              servers.pushgateway(),
              servers.empty());
      warmUp(all);
      loads.forEach(load -> measure(load, all, rounds));
      return result(all.get(0), all.get(1), all.get(2), all.get(3));
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  /** The compiler of a Java virtual machine that has just started takes half of the processors. */
  private void warmUp(List<Servers.Server> servers) {
    for (int time = 0; time < WARM_UPS; time++) {
      for (Servers.Server server : servers) {
        fire(server, new Load(MOST_CLIENTS, 1));
        fire(server, new Load(4, 100));
      }
    }
  }

  private void measure(Load load, List<Servers.Server> servers, int rounds) {
    List<Row> some =
        servers.stream().map(server -> new Row(load, server, new ArrayList<>())).toList();
    for (int round = 0; round < rounds; round++) {
      some.forEach(row -> row.rounds().add(fire(row.server(), load)));
    }
    some.forEach(
        row ->
            out.println(
                load.where(row.server())
                    + ", "
                    + load.size()
                    + " a request: "
                    + Cell.ofRounds(row.rates()).markdown()
                    + " observations a second"));
    rows.addAll(some);
  }

  private Result result(
      Servers.Server sqlite,
      Servers.Server postgres,
      Servers.Server pushgateway,
      Servers.Server empty)
      throws IOException {
    List<Goal> goals = new ArrayList<>(goals(sqlite, pushgateway, empty));
    goals.addAll(goals(postgres, pushgateway, empty));
    return Result.of(
        CollectorBenchmark.class,
        "Collector",
        ABOUT,
        LocalDate.now(Clock.systemUTC()).toString(),
        Map.of(
            "Pushgateway",
            Machine.version("prometheus-pushgateway", "--version"),
            "PostgreSQL",
            Machine.version("psql", "--version")),
        List.of(table(pushgateway, empty)),
        goals);
  }

  private Table table(Servers.Server pushgateway, Servers.Server empty) {
    Table table =
        new Table(
            "Observations a second",
            "clients",
            "observations a request",
            "server",
            "observations a second",
            "median, ms",
            "99 %, ms",
            "÷ Pushgateway",
            "÷ empty handler");
    for (Row row : rows) {
      table.add(
          Cell.ofCount(row.load().clients()),
          Cell.ofCount(row.load().size()),
          Cell.of(row.server().name()),
          Cell.ofRounds(row.rates()),
          Cell.of(median(row, Burst.Result::medianMillis)),
          Cell.of(median(row, Burst.Result::highMillis)),
          times(row.load(), row.server(), row.load(), pushgateway),
          times(row.load(), row.server(), row.load(), empty));
    }
    return table;
  }

  private List<Goal> goals(
      Servers.Server server, Servers.Server pushgateway, Servers.Server empty) {
    Load single = new Load(MOST_CLIENTS, 1);
    Load batches = rows.get(rows.size() - 1).load();
    return List.of(
        Goal.atLeast(
            "observations a second in batches of 1,000 ÷ pushes a second by as many clients",
            100,
            times(batches, server, new Load(batches.clients(), 1), pushgateway),
            batches.where(server)),
        Goal.atLeast(
            "observations a second, one a report ÷ pushes a second",
            10,
            times(single, server, single, pushgateway),
            single.where(server)),
        Goal.atLeast(
            "reports a second ÷ requests to an empty Vert.x handler",
            0.25,
            times(single, server, single, empty),
            single.where(server)));
  }

  private static double median(Row row, ToDoubleFunction<Burst.Result> of) {
    return Quantiles.median(row.rounds().stream().map(of::applyAsDouble).toList());
  }

  /** How many times the observations a second of another server with its load, in each round. */
  private Cell times(Load load, Servers.Server server, Load otherLoad, Servers.Server other) {
    return Cell.ofRounds(Turns.ratios(row(load, server).rates(), row(otherLoad, other).rates()));
  }

  private Row row(Load load, Servers.Server server) {
    return rows.stream()
        .filter(row -> row.load().equals(load) && row.server().equals(server))
        .findFirst()
        .orElseThrow();
  }

  private Burst.Result fire(Servers.Server server, Load load) {
    Burst.Shots shots =
        switch (server.takes()) {
          case REPORTS -> client -> report(client, load.size());
          case PUSHES -> client -> push(client, load.size());
        };
    Burst.Result result = Burst.fire(vertx, server.address(), load.clients(), seconds, shots);
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

  /** As an agent makes it that has nothing to say but its score. */
  static Observation observation(long step) {
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
