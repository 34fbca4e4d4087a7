package dev.latentgauge.cli.settings;

import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The value of an option, and where it comes from.
 *
 * @param option the option
 * @param values as a flag would give them; none if it has no value
 * @param origin the flag, the variable or the line, to be printed in brackets
 */
record Setting(OptionSpec option, List<String> values, String origin) {

  /** Where values come from that nobody gave. */
  static final String DEFAULT = "default";

  /** What an option is called in a file: {@code database-url} for {@code --database-url}. */
  static String key(OptionSpec option) {
    return option.longestName().replaceFirst("^-+", "");
  }

  /** The value that an option has by itself. */
  static Setting byDefault(OptionSpec option) {
    boolean isNone =
        option.defaultValue() == null && (option.initialValue() == null || option.isMultiValue());
    return new Setting(option, isNone ? List.of() : List.of(option.defaultValueString()), DEFAULT);
  }

  String key() {
    return key(option);
  }

  boolean isDefault() {
    return origin.equals(DEFAULT);
  }

  /** The arguments that say the same on the command line. */
  Stream<String> arguments() {
    return values.stream().map(value -> option.longestName() + "=" + value);
  }
}
