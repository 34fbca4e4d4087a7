package dev.latentgauge.examples.spark;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The job: scores files of embeddings against references, and writes a Parquet table with a row for
 * each file and reference.
 *
 * <p>{@code examples/spark.sh score} runs it on this machine, {@code spark-submit} on a cluster.
 */
@Command(
    name = "score",
    mixinStandardHelpOptions = true,
    description =
        "Scores files of embeddings against references, each as latentgauge compare does, and"
            + " writes a Parquet table with a row for each file and reference.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:there is a row for every file, be it that the file could not be scored",
      "1:there is no table, and standard error says why",
      "2:the command was not understood"
    })
public final class ScoreFleet implements Callable<Integer> {

  @Mixin private FleetOptions fleet = new FleetOptions();

  @Option(
      names = "--output",
      paramLabel = "PATH",
      required = true,
      description = "Folder to write the table to; must not exist, or be empty.")
  private String output = "";

  @Option(
      names = "--overwrite",
      description =
          "Replaces a table of this job that is there already, which stays until the new one is"
              + " complete. Anything else that is there is refused.")
  private boolean overwrite;

  private ScoreFleet() {}

  /**
   * Runs the job in the Spark that it was submitted to.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String... arguments) {
    int code = execute(arguments);
    if (code != ExitCode.OK) {
      System.exit(code); // not otherwise: a cluster takes an exit of the driver for a failure
    }
  }

  static int execute(String... arguments) {
    return new CommandLine(new ScoreFleet())
        .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure))
        .execute(arguments);
  }

  private static int failed(Exception failure) throws Exception {
    if (failure instanceof IOException || failure instanceof IllegalArgumentException) {
      System.err.println("score: " + failure.getMessage());
      return ExitCode.SOFTWARE;
    }
    throw failure;
  }

  @Override
  public Integer call() throws IOException {
    try (SparkSession spark = FleetScoring.session("Latentgauge").getOrCreate()) {
      ScoreTable table = new ScoreTable(spark, output, overwrite);
      table.requireWritable();
      FleetScoring scoring = fleet.open(spark);
      System.out.println(table.write(scoring.rows(), scoring.rowCount()));
      return ExitCode.OK;
    }
  }
}
