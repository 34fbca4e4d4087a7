package dev.latentgauge.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the script that lets a shell complete commands and options. */
@Command(
    name = "completion",
    description = "Prints a script that completes commands and options in bash and zsh.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionProvider.class,
    footer = {
      "",
      "The shell completes the name latentgauge, so the jar needs it. In ~/.bashrc or ~/.zshrc:",
      "  alias latentgauge='java -jar /path/to/latentgauge.jar'",
      "  source <(java -jar /path/to/latentgauge.jar completion)"
    })
final class Completion implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().getOut().print(AutoComplete.bash(Main.NAME, spec.root().commandLine()));
    spec.commandLine().getOut().flush();
  }
}
