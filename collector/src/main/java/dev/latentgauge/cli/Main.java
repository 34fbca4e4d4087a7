package dev.latentgauge.cli;

import dev.latentgauge.collector.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The entry of {@code latentgauge.jar}. */
@Command(
    name = "latentgauge",
    description = "Tells, while a network trains, how good its representation is becoming.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionProvider.class,
    subcommands = {Serve.class, Compare.class, ReferenceCommand.class})
public final class Main implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  /** Answers {@code --version}. */
  static final class VersionProvider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"latentgauge " + Version.current()};
    }
  }

  /**
   * Runs a command. Exits with 0 if it did its work, 1 if it failed, 2 if it was not understood.
   *
   * @param arguments the command and its options
   */
  public static void main(String... arguments) {
    Logging.configure();
    System.exit(commandLine().execute(arguments));
  }

  /** The command line; what goes wrong is one line on the standard error stream. */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              command.getErr().println("latentgauge: " + failure.getMessage());
              return CommandLine.ExitCode.SOFTWARE;
            });
  }

  /** Says that a command is missing. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing, such as serve");
  }
}
