package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.util.Locale;
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
 * samples later. It prints a table in Markdown:
 *
 * <p>{@code tests/benchmark.sh RulesBenchmark [RUNS LAYERS MINUTES]}
 */
public final class RulesBenchmark {

  private static final Pattern GROUP =
      Pattern.compile(
          "prometheus_rule_group_last_duration_seconds\\{rule_group=\"[^\"]*;([^\"]*)\"\\} (\\S+)");
  private static final Pattern SERIES = Pattern.compile("\nprometheus_tsdb_head_series (\\S+)");
  private static final Pattern MEMORY = Pattern.compile("\nprocess_resident_memory_bytes (\\S+)");
  private static final Pattern DROPPED = Pattern.compile("regex: (\\S+)");
  private static final double MIB = 1 << 20;

  private RulesBenchmark() {}

  /**
   * Prints the table.
   *
   * @param arguments none, or how many runs, layers and minutes
   * @throws IOException if a server cannot be started or asked
   * @throws InterruptedException if it is interrupted
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int[] numbers = Arguments.numbers(arguments, 10_000, 1, 10);
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    Path folder = Files.createTempDirectory("rules-benchmark");
    try (Collector collector =
            Collector.start(
                CollectorOptions.builder().port(0).data(folder.resolve("data")).build());
        Processes processes = new Processes(folder)) {
      LiveRuns.report(collector.address(), 0, numbers[0], numbers[1]);
      PrometheusServer prometheus =
          PrometheusServer.start(
              processes,
              folder,
              "prometheus.yaml",
              Pace.PUBLISHED,
              collector.address().toString(),
              Map.of());
      TimeUnit.MINUTES.sleep(numbers[2]);
      print(prometheus.metrics(), out);
      out.println(
          String.format(
              Locale.ROOT,
              "Of these series %.0f %% are of metrics that would not be handed on.",
              100 * count(prometheus, dropped()) / count(prometheus, ".+")));
    }
    System.exit(0);
  }

  private static void print(String metrics, PrintStream out) {
    out.println("| rules | s |");
    out.println("|---|---:|");
    Matcher groups = GROUP.matcher(metrics);
    while (groups.find()) {
      double seconds = Double.parseDouble(groups.group(2));
      out.println(String.format(Locale.ROOT, "| %s | %.2f |", groups.group(1), seconds));
    }
    out.println();
    out.println(
        String.format(
            Locale.ROOT,
            "Prometheus has %.0f series, and %.0f MiB in memory.",
            number(SERIES, metrics),
            number(MEMORY, metrics) / MIB));
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
    return PrometheusServer.valueOf(
        prometheus.query("count({__name__=~\"" + names + "\"})").get(0));
  }

  private static double number(Pattern pattern, String metrics) {
    Matcher found = pattern.matcher(metrics);
    return found.find() ? Double.parseDouble(found.group(1)) : Double.NaN;
  }
}
