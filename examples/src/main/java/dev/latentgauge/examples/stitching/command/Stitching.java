package dev.latentgauge.examples.stitching.command;

import dev.latentgauge.examples.stitching.graph.Graphs;
import dev.latentgauge.examples.stitching.guidance.Guidance;
import dev.latentgauge.examples.stitching.images.Images;
import dev.latentgauge.examples.stitching.latents.Latents;
import dev.latentgauge.examples.stitching.monitor.Monitor;
import dev.latentgauge.examples.stitching.reconstruction.Reconstruction;
import dev.latentgauge.examples.stitching.text.Text;
import dev.latentgauge.examples.stitching.words.Words;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs the experiments; see {@code --help}. */
@Command(
    name = "stitching",
    mixinStandardHelpOptions = true,
    subcommands = {
      Latents.class,
      Reconstruction.class,
      Images.class,
      Text.class,
      Graphs.class,
      Words.class,
      Monitor.class,
      Guidance.class
    },
    description = {
      "Puts parts of different trainings together, without further training, on absolute and on"
          + " relative representations.",
      "Each experiment writes NAME.md, NAME.csv and pictures."
    })
public final class Stitching {

  private Stitching() {}

  /**
   * Runs an experiment.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) {
    System.exit(execute(arguments));
  }

  /** Runs an experiment, and says how it ended as a process would. */
  static int execute(String... arguments) {
    return new CommandLine(new Stitching())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Stitching::explain)
        .execute(arguments);
  }

  /** What can be mended is said in a sentence; anything else is a defect and shows where it is. */
  private static int explain(Exception e, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (e instanceof IOException) {
      command.getErr().println("stitching: " + e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
    throw e;
  }
}
