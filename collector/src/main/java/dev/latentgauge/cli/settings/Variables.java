package dev.latentgauge.cli.settings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options in the environment: {@code LATENTGAUGE_DATABASE_URL} is {@code --database-url}.
 *
 * <p>An empty variable counts as none, as service managers and container tools set those that they
 * have no value for. Several values are separated by commas.
 */
final class Variables {

  static final String PREFIX = "LATENTGAUGE_";

  /** They are the agent's, which may run on the same machine, or secrets, which are no options. */
  private static final Set<String> OF_OTHERS =
      Set.of(
          "LATENTGAUGE_COLLECTOR",
          "LATENTGAUGE_TOKEN",
          "LATENTGAUGE_TOKEN_FILE",
          "LATENTGAUGE_DATABASE_PASSWORD");

  /** What Kubernetes tells each container of a service that is called latentgauge. */
  private static final Pattern SERVICE_LINK = Pattern.compile("(tcp|udp|sctp)://\\S+:\\d+");

  private static final String OTHER = " is no variable of %s, and ignored; did you mean ";

  private final Map<String, String> environment;

  Variables(Map<String, String> environment) {
    this.environment = environment;
  }

  static String name(OptionSpec option) {
    return PREFIX + Setting.key(option).replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** What the environment says of an option. */
  Optional<Setting> of(OptionSpec option) {
    String name = name(option);
    return value(name)
        .filter(value -> !isServiceLink(name, value))
        .map(value -> new Setting(option, values(option, value), name));
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  private static List<String> values(OptionSpec option, String value) {
    return option.isMultiValue() && option.splitRegex().isEmpty()
        ? Arrays.asList(value.split(",", -1))
        : List.of(value);
  }

  private static boolean isServiceLink(String name, String value) {
    return name.endsWith("_PORT") && SERVICE_LINK.matcher(value).matches();
  }

  /** What looks as if it was meant to say something, and does not. */
  List<String> warnings(String command, List<OptionSpec> options) {
    List<String> known = options.stream().map(Variables::name).toList();
    List<String> suffixes = known.stream().map(name -> name.substring(PREFIX.length())).toList();
    List<String> warnings = new ArrayList<>();
    for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
      String name = variable.getKey();
      if (known.contains(name) && isServiceLink(name, variable.getValue())) {
        warnings.add(
            name
                + "="
                + variable.getValue()
                + " is taken for what Kubernetes says of a service of that name, and ignored"
                + " (enableServiceLinks: false switches it off)");
      } else if (!known.contains(name) && name.startsWith(PREFIX) && !OF_OTHERS.contains(name)) {
        Complaints.nearest(name.substring(PREFIX.length()), suffixes)
            .map(near -> name + OTHER.formatted(command) + PREFIX + near + "?")
            .ifPresent(warnings::add);
      }
    }
    return warnings;
  }
}
