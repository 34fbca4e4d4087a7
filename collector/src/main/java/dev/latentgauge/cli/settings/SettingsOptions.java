package dev.latentgauge.cli.settings;

import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** The options by which a command with {@link Settings} finds and shows them; a mixin. */
public final class SettingsOptions {

  static final String CONFIG = "--config";
  static final String PRINT_CONFIG = "--print-config";

  /** Options that a file cannot have, as they are about the file or the command itself. */
  private static final Set<String> NOT_IN_FILES = Set.of(CONFIG, PRINT_CONFIG);

  @Option(
      names = CONFIG,
      paramLabel = "FILE",
      description = {
        "File with options, as YAML: port: 9475 is --port 9475.",
        "A flag counts before a variable of the environment, that before the file."
      })
  @SuppressWarnings("UnusedVariable") // Settings asks picocli for it, before there are values
  private @Nullable Path config;

  @Option(
      names = PRINT_CONFIG,
      description = "Checks all options, prints them with where each comes from, and ends.")
  private boolean printConfig;

  /** Options that nobody gave. */
  public SettingsOptions() {}

  /**
   * Whether the options are to be shown, and nothing else done.
   *
   * @return true if so
   */
  public boolean isPrintConfig() {
    return printConfig;
  }

  /** Whether an option may be given by a variable. */
  static boolean isInEnvironment(OptionSpec option) {
    return isInFile(option) || option.longestName().equals(CONFIG);
  }

  /** Whether an option may be given in a file. */
  static boolean isInFile(OptionSpec option) {
    return !option.usageHelp()
        && !option.versionHelp()
        && !NOT_IN_FILES.contains(option.longestName());
  }
}
