package dev.latentgauge.examples.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.commons.io.FileUtils;
import org.apache.commons.lang3.time.StopWatch;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How much faster the job is on two executors than on one.
 *
 * <p>Each executor is a process of its own with one core, started by a worker of Spark's standalone
 * cluster, whose master and workers are within this process ({@code local-cluster}). The job runs
 * once to start executors and engines, and is timed when it runs again.
 *
 * <p>{@code examples/spark.sh scaling} runs it. The machine must have two cores for the executors
 * and nothing else to do; what it has, and what the figure is then, is to be read beside it.
 */
@Command(
    name = "scaling",
    mixinStandardHelpOptions = true,
    description = "Times the job on one and on two executors of one core each, in turns.")
public final class Scaling implements Callable<Integer> {

  private static final int MEGABYTES = 1024;

  @Mixin private FleetOptions fleet = new FleetOptions();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "How often each is timed (default: ${DEFAULT-VALUE}).")
  private int rounds = 3;

  private Scaling() {}

  /**
   * Runs the benchmark.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String... arguments) {
    System.exit(new CommandLine(new Scaling()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    double[] ratios = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      double one = seconds(1);
      double two = seconds(2);
      ratios[round] = one / two;
      System.out.printf(
          Locale.ROOT,
          "round %d: one executor %.1f s, two %.1f s, ratio %.2f%n",
          round + 1,
          one,
          two,
          ratios[round]);
    }
    Arrays.sort(ratios);
    System.out.printf(
        Locale.ROOT, "two executors are %.2f times as fast as one (median)%n", ratios[rounds / 2]);
    return ExitCode.OK;
  }

  private double seconds(int executors) throws IOException {
    Path output = Files.createTempDirectory("latentgauge-scaling");
    try (SparkSession spark =
        FleetScoring.session("Latentgauge scaling")
            .master("local-cluster[" + executors + ",1," + MEGABYTES + "]")
            .config("spark.executor.memory", MEGABYTES + "m")
            .getOrCreate()) {
      ScoreTable table = new ScoreTable(spark, output.toUri().toString(), true);
      FleetScoring scoring = fleet.open(spark);
      table.write(scoring.rows(), scoring.rowCount());
      StopWatch watch = StopWatch.createStarted();
      table.write(scoring.rows(), scoring.rowCount());
      return watch.getDuration().toMillis() / 1e3;
    } finally {
      FileUtils.deleteDirectory(output.toFile());
    }
  }
}
