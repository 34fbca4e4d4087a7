package dev.latentgauge.cli.settings;

import dev.latentgauge.observation.Nearest;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What picocli finds wrong, in our words: what must hold, what was given, and where. */
final class Complaints {

  private static final Pattern PREAMBLE =
      Pattern.compile("^Invalid value for option '[^']*'( \\([^)]*\\))?: ");

  private Complaints() {}

  /** Says what is wrong. */
  static List<String> of(
      ParameterException failure, Origins origins, Collection<OptionSpec> options) {
    if (failure instanceof UnmatchedArgumentException unmatched) {
      return unmatched.getUnmatched().stream().map(each -> unmatched(each, options)).toList();
    }
    return List.of(of(failure, origins));
  }

  private static String of(ParameterException failure, Origins origins) {
    if (failure instanceof OverwrittenOptionException twice
        && twice.getOverwritten() instanceof OptionSpec option) {
      return Setting.key(option) + " must be given once, but is given twice" + in(option, origins);
    } else if (failure.getArgSpec() instanceof OptionSpec option && failure.getValue() != null) {
      return conversion(failure, option) + in(option, origins);
    }
    return String.valueOf(failure.getMessage());
  }

  /** Where options come from. */
  interface Origins {
    String of(OptionSpec option);
  }

  private static String in(OptionSpec option, Origins origins) {
    return " (" + origins.of(option) + ")";
  }

  private static String conversion(ParameterException failure, OptionSpec option) {
    String key = Setting.key(option);
    if (Secrets.isSecret(option)) {
      return key + " has a value that cannot be used";
    }
    String given = ", but is '" + failure.getValue() + "'";
    Class<?> type = option.auxiliaryTypes()[0];
    if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
      return key + " must be a whole number" + given;
    } else if (type == boolean.class || type == Boolean.class) {
      return key + " must be true or false" + given;
    } else if (type.isEnum()) {
      return key + " must be " + constants(type) + given;
    }
    String message = PREAMBLE.matcher(String.valueOf(failure.getMessage())).replaceFirst("");
    return Secrets.masked(key + (message.startsWith("must ") ? " " : ": ") + message);
  }

  private static String constants(Class<?> type) {
    return Stream.of(type.getEnumConstants())
        .map(Object::toString)
        .collect(Collectors.joining(" or "));
  }

  private static String unmatched(String argument, Collection<OptionSpec> options) {
    if (!argument.startsWith("-")) {
      return "'" + argument + "' must belong to an option, but does not";
    }
    String name = argument.replaceFirst("=.*", "");
    List<String> known = options.stream().map(OptionSpec::longestName).toList();
    return name + " must be an option, but is none" + suggestion(name, known);
  }

  static String suggestion(String name, Collection<String> known) {
    return nearest(name, known).map(near -> "; did you mean " + near + "?").orElse("");
  }

  /** What may be meant; letters that changed places are the usual slip, and two edits. */
  static Optional<String> nearest(String name, Collection<String> known) {
    return Nearest.of(name, known, 1, each -> List.of(each, sorted(each))).stream().findFirst();
  }

  private static String sorted(String text) {
    char[] letters = text.toLowerCase(Locale.ROOT).toCharArray();
    Arrays.sort(letters);
    return String.valueOf(letters);
  }

  /** The option that a failure is about. */
  static boolean isAbout(ArgSpec option, ParameterException failure) {
    return option.equals(failure.getArgSpec());
  }
}
