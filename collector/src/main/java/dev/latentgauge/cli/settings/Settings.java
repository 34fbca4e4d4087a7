package dev.latentgauge.cli.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.Stack;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Gives a command's options the values that are in the environment and in a file, where there is no
 * flag for them.
 *
 * <p>It derives from the options that the command declares what the variables and the lines of the
 * file are called, and what their values may be: what it finds it puts before the flags, as if it
 * had been typed. A flag counts before a variable, that before the file, that before the default;
 * of an option that may be repeated the strongest list replaces the others. All is checked before
 * anything runs, also what a stronger value hides, and all that is wrong is said together.
 */
public final class Settings implements IParameterPreprocessor {

  private final Supplier<CommandLine> program;
  private final Variables variables;
  private List<Setting> effective = List.of();
  private List<String> warnings = List.of();

  /**
   * Makes settings for one command of a program.
   *
   * @param program makes a command line to try arguments on, without these settings
   * @param environment the variables of the environment
   */
  public Settings(Supplier<CommandLine> program, Map<String, String> environment) {
    this.program = program;
    this.variables = new Variables(environment);
  }

  /**
   * Gives a command these settings, and tells of them in its help.
   *
   * @param whole the program that runs
   * @param name a command of it, which has {@link SettingsOptions}
   */
  public void applyTo(CommandLine whole, String name) {
    CommandLine command = command(whole, name);
    command.getCommandSpec().preprocessor(this);
    command.setHelpFactory(SettingsHelp::new);
  }

  /**
   * The settings of a command.
   *
   * @param command one that was parsed
   * @return its settings; none if it was given none
   */
  public static Optional<Settings> of(CommandSpec command) {
    return Optional.of(command.preprocessor())
        .filter(Settings.class::isInstance)
        .map(Settings.class::cast);
  }

  /**
   * The options that a file may have.
   *
   * @param command a command with {@link SettingsOptions}
   * @return its options
   */
  public static Stream<OptionSpec> inFile(CommandLine command) {
    return command.getCommandSpec().options().stream().filter(SettingsOptions::isInFile);
  }

  private static CommandLine command(CommandLine program, String name) {
    CommandLine command = program.getSubcommands().get(name);
    if (command == null) {
      throw new IllegalArgumentException("the program must have the command " + name);
    }
    return command;
  }

  @Override
  public boolean preprocess(
      Stack<String> arguments, CommandSpec spec, ArgSpec none, Map<String, Object> info) {
    List<String> flags = new ArrayList<>(arguments);
    Collections.reverse(flags);
    Gathering gathering = new Gathering(spec.name(), flags);
    if (gathering.isHelpWanted()) {
      return false;
    }
    gathering.gather();
    if (!gathering.mistakes.isEmpty()) {
      throw new InvalidSettingsException(spec.commandLine(), List.copyOf(gathering.mistakes));
    }
    effective = gathering.effective();
    warnings = variables.warnings(spec.name(), gathering.inEnvironment());
    List<String> found = gathering.found();
    Collections.reverse(found);
    arguments.addAll(found);
    return false;
  }

  /**
   * What looks as if it was meant for the command, and was ignored.
   *
   * @return sentences
   */
  public List<String> warnings() {
    return warnings;
  }

  /**
   * All values as a file that would give them, with where each comes from; without secrets.
   *
   * @return lines of YAML
   */
  public String asFile() {
    return SettingsText.file(effective);
  }

  /**
   * The values that are not the default, in one line; without secrets.
   *
   * @return such as {@code port=0 (--port), linger=30 (LATENTGAUGE_LINGER)}
   */
  public String summary() {
    return SettingsText.summary(effective);
  }

  /** One look at all that is given. */
  private final class Gathering {
    private final CommandLine trial;
    private final CommandLine command;
    private final List<String> flags;
    private final ParseResult given;
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final Set<String> mistakes = new LinkedHashSet<>();

    Gathering(String name, List<String> flags) {
      this.flags = flags;
      trial = program.get();
      command = command(trial, name);
      trial.setExpandAtFiles(false);
      trial.getCommandSpec().parser().collectErrors(true);
      command.getCommandSpec().parser().collectErrors(true);
      given = parse(flags);
    }

    boolean isHelpWanted() {
      return given.isUsageHelpRequested() || given.isVersionHelpRequested();
    }

    private ParseResult parse(Collection<String> arguments) {
      List<String> line = new ArrayList<>();
      line.add(command.getCommandName());
      line.addAll(arguments);
      return trial.parseArgs(line.toArray(String[]::new)).subcommand();
    }

    private Collection<OptionSpec> options() {
      return command.getCommandSpec().options();
    }

    List<OptionSpec> inEnvironment() {
      return options().stream().filter(SettingsOptions::isInEnvironment).toList();
    }

    void gather() {
      takeFlags();
      inEnvironment().forEach(option -> variables.of(option).ifPresent(this::take));
      file().ifPresent(this::takeFile);
      List<String> all = found();
      all.addAll(flags);
      complain(parse(all), true);
      if (command.getCommand() instanceof Checked checked) {
        checked.mistakes().forEach(mistake -> mistakes.add(mistake + origin(mistake)));
      }
    }

    private void takeFlags() {
      for (OptionSpec option : given.matchedOptionsSet()) {
        settings.put(
            Setting.key(option),
            new Setting(option, List.copyOf(option.stringValues()), option.longestName()));
      }
      complain(given, false);
    }

    /** Takes a value if it can be one, and nothing stronger was taken. */
    private void take(Setting setting) {
      ParseResult tried = parse(setting.arguments().toList());
      List<String> wrong = new ArrayList<>();
      for (Exception failure : tried.errors()) {
        if (failure instanceof ParameterException wrongly
            && Complaints.isAbout(setting.option(), wrongly)) {
          wrong.addAll(Complaints.of(wrongly, option -> setting.origin(), options()));
        }
      }
      mistakes.addAll(wrong);
      if (wrong.isEmpty()) {
        settings.putIfAbsent(setting.key(), setting);
      }
    }

    private Optional<Path> file() {
      return Optional.ofNullable(settings.get(SettingsOptions.CONFIG.substring(2)))
          .map(setting -> Path.of(setting.values().get(0)));
    }

    private void takeFile(Path file) {
      List<String> wrong = new ArrayList<>();
      for (SettingsFile.Entry entry : SettingsFile.read(file, wrong)) {
        setting(entry, wrong).ifPresent(this::take);
      }
      mistakes.addAll(wrong);
    }

    private Optional<Setting> setting(SettingsFile.Entry entry, List<String> wrong) {
      String where = " (" + entry.origin() + ")";
      List<OptionSpec> known = inFile(command).toList();
      Optional<OptionSpec> option =
          known.stream().filter(each -> Setting.key(each).equals(entry.key())).findFirst();
      if (option.isEmpty()) {
        String near = Complaints.suggestion(entry.key(), known.stream().map(Setting::key).toList());
        wrong.add(
            "\"" + entry.key() + "\" must be an option of the file, but is none" + near + where);
        return Optional.empty();
      } else if (entry.isList() && !option.get().isMultiValue()) {
        wrong.add(entry.key() + " must be one value, but is a list" + where);
        return Optional.empty();
      }
      return option.map(spec -> new Setting(spec, entry.values(), entry.origin()));
    }

    /** Of single values what is missing cannot be told; in the end everything must be there. */
    private void complain(ParseResult parsed, boolean isComplete) {
      for (Exception failure : parsed.errors()) {
        if (failure instanceof ParameterException wrong
            && (isComplete || !(failure instanceof MissingParameterException))) {
          mistakes.addAll(Complaints.of(wrong, this::origin, options()));
        }
      }
    }

    private String origin(OptionSpec option) {
      @Nullable Setting setting = settings.get(Setting.key(option));
      return setting == null ? option.longestName() : setting.origin();
    }

    /** Where the option comes from that a mistake begins with, if it begins with one. */
    private String origin(String mistake) {
      String name = mistake.replaceFirst(" .*", "").replaceAll("([a-z])([A-Z])", "$1-$2");
      @Nullable Setting setting = settings.get(name.toLowerCase(Locale.ROOT));
      return setting == null ? "" : " (" + setting.origin() + ")";
    }

    /** What was found in the environment and the file, as arguments. */
    List<String> found() {
      Set<String> typed = new LinkedHashSet<>();
      given.matchedOptionsSet().forEach(option -> typed.add(Setting.key(option)));
      List<String> arguments = new ArrayList<>();
      settings.values().stream()
          .filter(setting -> !typed.contains(setting.key()))
          .flatMap(Setting::arguments)
          .forEach(arguments::add);
      return arguments;
    }

    List<Setting> effective() {
      return inFile(command)
          .map(
              option -> {
                @Nullable Setting setting = settings.get(Setting.key(option));
                return setting == null ? Setting.byDefault(option) : setting;
              })
          .toList();
    }
  }
}
