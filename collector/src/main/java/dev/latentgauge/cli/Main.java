package dev.latentgauge.cli;

import dev.latentgauge.cli.settings.InvalidSettingsException;
import dev.latentgauge.cli.settings.Settings;
import dev.latentgauge.collector.Version;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry of {@code latentgauge.jar}. */
@Command(
    name = Main.NAME,
    description = "Tells, while a network trains, how good its representation is becoming.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionProvider.class,
    subcommands = {
      Serve.class,
      Compare.class,
      ReferenceCommand.class,
      ReplayCommand.class,
      BackupCommand.class,
      TokenCommand.class,
      Completion.class,
      HelpCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:The command did its work.",
      "1:It failed; a line on standard error says why.",
      "2:It was not understood; a line on standard error says what.",
      "3:compare: the score is undefined, and the output says why."
    },
    footer = {
      "",
      "To say latentgauge instead of java -jar:",
      "  alias latentgauge='java -jar /path/to/latentgauge.jar'"
    })
public final class Main implements Runnable {

  static final String NAME = "latentgauge";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "After the line that says what failed, print where (a stack trace).")
  private boolean verbose;

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
    System.exit(exitCode(commandLine(System.getenv()).setExecutionStrategy(Main::run), arguments));
  }

  /** Help and version need no logger, which takes a moment to start. */
  private static int run(ParseResult parsed) {
    Integer helped = CommandLine.executeHelpRequest(parsed);
    if (helped != null) {
      return helped;
    }
    Logging.configure();
    return new CommandLine.RunLast().execute(parsed);
  }

  /** The command line in an empty environment. */
  static CommandLine commandLine() {
    return commandLine(Map.of());
  }

  /**
   * The command line; what goes wrong is said on the standard error stream.
   *
   * @param environment variables, of which {@code serve} has options
   */
  static CommandLine commandLine(Map<String, String> environment) {
    CommandLine commandLine =
        new CommandLine(new Main())
            .setParameterExceptionHandler((failure, arguments) -> notUnderstood(failure))
            .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
    new Settings(() -> new CommandLine(new Main()), environment).applyTo(commandLine, "serve");
    return commandLine;
  }

  /** Executes a command of a process of its own, whatever it throws. */
  static int exitCode(CommandLine commandLine, String... arguments) {
    int code;
    try {
      code = commandLine.execute(arguments);
    } catch (Throwable failure) { // such as OutOfMemoryError, which picocli lets through
      code = failed(failure, commandLine);
    }
    // The stream never throws: without this a result that went nowhere would count as work done.
    if (System.out.checkError() && code == CommandLine.ExitCode.OK) {
      commandLine.getErr().println("latentgauge: standard output was closed or full too early");
      code = CommandLine.ExitCode.SOFTWARE;
    }
    return code;
  }

  private static int notUnderstood(ParameterException failure) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    if (failure instanceof InvalidSettingsException invalid && invalid.mistakes().size() > 1) {
      printList(invalid.mistakes(), err);
    } else {
      err.println("latentgauge: " + Failure.oneLine(failure));
      UnmatchedArgumentException.printSuggestions(failure, err);
    }
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return CommandLine.ExitCode.USAGE;
  }

  private static void printList(List<String> mistakes, PrintWriter err) {
    err.println("latentgauge: " + mistakes.size() + " things are wrong with the options:");
    mistakes.forEach(mistake -> err.println("  " + Failure.oneLine(mistake)));
  }

  private static int failed(Throwable failure, CommandLine command) {
    CommandSpec root = command.getCommandSpec().root();
    PrintWriter err = root.commandLine().getErr();
    err.println("latentgauge: " + Failure.oneLine(failure));
    if (root.userObject() instanceof Main main && main.verbose) {
      failure.printStackTrace(err);
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** Says that a command is missing. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing, such as serve");
  }
}
