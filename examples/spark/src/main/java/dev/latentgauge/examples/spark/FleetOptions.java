package dev.latentgauge.examples.spark;

import dev.latentgauge.relative.Profile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say what is scored against what, to be mixed in. */
final class FleetOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--input",
      paramLabel = "PATH",
      required = true,
      description = {
        "Files of embeddings: a file, a pattern such as 'runs/*/last.safetensors', or a folder, of"
            + " which all *.safetensors in it and below are meant. Any file system that Spark's"
            + " Hadoop knows: file:, hdfs:, s3a: ... May be given several times."
      })
  private List<String> inputs = List.of();

  @Option(
      names = "--reference",
      paramLabel = "PATH",
      required = true,
      description =
          "References, or files of embeddings to be taken for some, named like the input. May be"
              + " given several times.")
  private List<String> references = List.of();

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      description =
          "How two descriptions of an input are compared where the reference does not say: "
              + Profile.SYNTAX
              + ".")
  private @Nullable String profile;

  @Option(
      names = "--anchor-error",
      description =
          "Also fills the column anchorError, for which each file is scored by 128 halves of the"
              + " anchors of each reference.")
  private boolean anchorErrors;

  @Option(
      names = "--files-per-task",
      paramLabel = "N",
      defaultValue = "32",
      description =
          "How many files one task scores, and starts again with if its executor is lost"
              + " (default: ${DEFAULT-VALUE}).")
  private int filesPerTask = 32;

  /**
   * Lists the files and opens the references, the latter in an executor.
   *
   * @throws IOException if there are none, or one of the references cannot be used
   * @throws ParameterException if an option has a value that is not allowed
   */
  FleetScoring open(SparkSession spark) throws IOException {
    if (filesPerTask < 1) {
      throw new ParameterException(
          spec.commandLine(), "--files-per-task must be at least 1, but is " + filesPerTask);
    }
    Optional<Profile> chosen;
    try {
      chosen = Optional.ofNullable(profile).map(Profile::parse);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--profile: " + e.getMessage(), e);
    }
    FileListing listing = new FileListing(spark.sparkContext().hadoopConfiguration());
    return FleetScoring.of(
        spark,
        listing.files(inputs),
        filesPerTask,
        listing.files(references),
        anchorErrors,
        chosen);
  }
}
