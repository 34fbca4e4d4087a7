package dev.latentgauge.cli;

import dev.latentgauge.reference.Calibration;
import dev.latentgauge.reference.Reference;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Teaches a reference what accuracy scores have meant. */
@Command(
    name = "calibrate",
    description = {
      "Teaches a reference what accuracy scores have meant, from runs whose accuracy is known."
          + " Whatever is scored against it afterwards has a predicted accuracy, with an interval.",
      "",
      "RUNS is a file of comma-separated values: a header that names the columns"
          + " @|bold score|@ and @|bold accuracy|@ (from 0 to 1), then one row a run; other columns"
          + " are ignored, but in a column @|bold run|@ no run may come twice. Coverage .9 needs"
          + " 10 runs, .95 needs 19, .99 needs 99.",
      "",
      Calibration.CONDITION,
      "Then it contains the accuracy in at least 2 COVERAGE - 1 of all cases, whatever the"
          + " distribution, and in practice in about COVERAGE (jackknife+ of Barber et al., 2021).",
      "",
      "The reference keeps its name and fingerprint, since scores mean what they meant. A collector"
          + " that has it must forget it before it takes the calibrated one under the same name:"
          + " DELETE, then PUT /v1/references/NAME; what was scored stays."
    },
    footer = {
      "",
      "Example:",
      "  latentgauge reference calibrate cnn-v1.safetensors --from runs.csv --from-step 10000"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the calibrated reference was written",
      "1:it could not be fitted or written, and standard error says why",
      "2:the command was not understood"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionProvider.class)
final class ReferenceCalibrate implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private EngineOptions engine = new EngineOptions();

  @Parameters(index = "0", paramLabel = "REFERENCE", description = "The file of the reference.")
  private Path file = Path.of("");

  @Option(
      names = "--from",
      paramLabel = "RUNS",
      required = true,
      description = "Runs whose accuracy is known, in a file of comma-separated values.")
  private Path runs = Path.of("");

  @Option(
      names = "--coverage",
      paramLabel = "COVERAGE",
      description =
          "How often the interval should contain the accuracy, from .5 to below 1; unless set,"
              + " ${DEFAULT-VALUE}.")
  private double coverage = Calibration.DEFAULT_COVERAGE;

  @Option(
      names = "--from-step",
      paramLabel = "STEP",
      description =
          "The updates that these runs had when they were scored, or nearly: before it nothing is"
              + " predicted of a run that trains, where predictions are mostly too high. Unless set,"
              + " runs are predicted at every step.")
  private long fromStep;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Where to write it; unless set, REFERENCE is replaced.")
  private @Nullable Path output;

  @Option(names = "--force", description = "Replaces the --output if it exists.")
  private boolean force;

  @Override
  public Integer call() throws IOException {
    Path target = target();
    Calibration calibration = Calibration.fit(RunTable.read(runs), coverage).from(fromStep);
    engine.load();
    try (Reference reference = Reference.load(file)) {
      reference.withCalibration(calibration).save(target);
      PrintWriter out = spec.commandLine().getOut();
      out.println(reference.id() + " in " + target);
      out.println();
      out.println(new CalibrationText(calibration, calibration.summary()).text());
    }
    return 0;
  }

  private Path target() throws IOException {
    if (output == null) {
      return file;
    }
    if (Files.exists(output) && !force && !(Files.exists(file) && Files.isSameFile(output, file))) {
      throw new IOException(
          output + " exists already: choose another --output, or replace it by --force");
    }
    return output;
  }
}
