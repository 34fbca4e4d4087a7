package dev.latentgauge.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes, calibrates and shows references. */
@Command(
    name = "reference",
    description = "Makes, calibrates and shows references: what runs are compared with.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionProvider.class,
    subcommands = {ReferenceCreate.class, ReferenceCalibrate.class, ReferenceShow.class})
final class ReferenceCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is missing: reference create, reference calibrate or reference show");
  }
}
