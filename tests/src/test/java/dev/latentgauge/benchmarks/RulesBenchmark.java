package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.latentgauge.collector.Collector;
import dev.latentgauge.collector.CollectorOptions;
import dev.latentgauge.tests.Processes;
import dev.latentgauge.tests.PrometheusServer;
import dev.latentgauge.tests.PrometheusServer.Pace;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the rules of the dashboards cost Prometheus, with many live runs: the seconds that a group
 * of rules took when it was evaluated last, of the minute until the next, how much Prometheus keeps
 * in memory, and how much of that it would not hand on to a store for months.
 *
 * <p>Prometheus runs as users have it for some minutes first; rules that look back further see more
 * samples later.
 *
 * <p>{@code tests/benchmark.sh RulesBenchmark [RUNS LAYERS MINUTES]}; twelve minutes.
 */
public final class RulesBenchmark {

  private static final Pattern GROUP =
      Pattern.compile(
          "prometheus_rule_group_last_duration_seconds\\{rule_group=\"[^\"]*;([^\"]*)\"\\} (\\S+)");
  private static final Pattern SERIES = Pattern.compile("\nprometheus_tsdb_head_series (\\S+)");
  private static final Pattern MEMORY = Pattern.compile("\nprocess_resident_memory_bytes (\\S+)");
  private static final Pattern DROPPED = Pattern.compile("regex: (\\S+)");
  private static final double MIB = 1 << 20;

  private static final String ABOUT =
      "A Prometheus as users have it, with the published rules, scrapes a collector of silent live"
          + " runs, which are the dearest for the\nalerts. The seconds are those of the last"
          + " evaluation of a group of rules, of the minute until the next.";

  private RulesBenchmark() {}

  /**
   * Measures, and writes the result to {@code tests/benchmarks}.
   *
   * @param arguments none, or how many runs, layers and minutes
   * @throws IOException if a server cannot be started or asked
   * @throws InterruptedException if it is interrupted
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int[] numbers = Arguments.numbers(arguments, 10_000, 1, 10);
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    Path folder = Files.createTempDirectory("rules-benchmark");
    Result result =
        run(numbers[0], numbers[1], Duration.ofMinutes(numbers[2]), folder, Pace.PUBLISHED);
    result.tables().forEach(table -> out.println(table.markdown()));
    result.write(Result.FOLDER);
    System.exit(0);
  }

  /** Scrapes and evaluates at a pace, for a time. */
  static Result run(int runs, int layers, Duration time, Path folder, Pace pace)
      throws IOException, InterruptedException {
    try (Collector collector =
            Collector.start(
                CollectorOptions.builder().port(0).data(folder.resolve("data")).build());
        Processes processes = new Processes(folder)) {
      LiveRuns.report(collector.address(), 0, runs, layers);
      PrometheusServer prometheus =
          PrometheusServer.start(
              processes, folder, "prometheus.yaml", pace, collector.address().toString(), Map.of());
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
      await()
          .atMost(Duration.ofMinutes(5))
          .pollDelay(Duration.ZERO)
          .until(() -> !prometheus.query(counting(dropped())).isEmpty());
      String metrics = prometheus.metrics();
      return Result.of(
          RulesBenchmark.class,
          "Rules for Prometheus",
          ABOUT,
          LocalDate.now(Clock.systemUTC()).toString(),
          Map.of("Prometheus", Machine.version("prometheus", "--version")),
          List.of(groups(metrics), memory(runs, layers, time, prometheus, metrics)),
          List.of());
    }
  }

  private static Table groups(String metrics) {
    Table table = new Table("A group of rules", "rules", "seconds");
    Matcher groups = GROUP.matcher(metrics);
    while (groups.find()) {
      table.add(Cell.of(groups.group(1)), Cell.of(Double.parseDouble(groups.group(2))));
    }
    return table;
  }

  private static Table memory(
      int runs, int layers, Duration time, PrometheusServer prometheus, String metrics)
      throws IOException, InterruptedException {
    Table table =
        new Table(
            "What Prometheus keeps",
            "runs",
            "layers",
            "after, min",
            "series",
            "memory, MiB",
            "of series not worth handing on, %");
    table.add(
        Cell.ofCount(runs),
        Cell.ofCount(layers),
        Cell.of(time.toSeconds() / 60.0),
        Cell.ofCount(Math.round(number(SERIES, metrics))),
        Cell.of(number(MEMORY, metrics) / MIB),
        Cell.of(100 * count(prometheus, dropped()) / count(prometheus, ".+")));
    return table;
  }

  /** The names that {@code prometheus-remote-write.yaml} keeps to itself. */
  private static String dropped() throws IOException {
    return DROPPED
        .matcher(PrometheusServer.published("prometheus-remote-write.yaml"))
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.joining("|"));
  }

  private static double count(PrometheusServer prometheus, String names)
      throws IOException, InterruptedException {
    return PrometheusServer.valueOf(prometheus.query(counting(names)).get(0));
  }

  private static String counting(String names) {
    return "count({__name__=~\"" + names + "\"})";
  }

  private static double number(Pattern pattern, String metrics) {
    Matcher found = pattern.matcher(metrics);
    return found.find() ? Double.parseDouble(found.group(1)) : Double.NaN;
  }
}
