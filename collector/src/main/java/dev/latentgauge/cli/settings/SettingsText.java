package dev.latentgauge.cli.settings;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;

/** Settings for people to read, without secrets. */
final class SettingsText {

  /** As wide as most values, so that what is said of them stands in a column. */
  private static final int COLUMN = 40;

  private SettingsText() {}

  /** Lines of YAML that say the same, but for secrets. */
  static String file(List<Setting> settings) {
    return settings.stream().map(SettingsText::line).collect(Collectors.joining());
  }

  private static String line(Setting setting) {
    String value = setting.values().isEmpty() ? "" : " " + yaml(setting);
    String line = (isComplete(setting) ? "" : "# ") + setting.key() + ":" + value;
    return String.format("%-" + COLUMN + "s  # %s%n", line, setting.origin());
  }

  /** What is missing or hidden is a comment, lest the file give it. */
  private static boolean isComplete(Setting setting) {
    return !setting.values().isEmpty()
        && setting.values().stream()
            .allMatch(value -> Secrets.shown(setting.option(), value).equals(value));
  }

  private static String yaml(Setting setting) {
    String values =
        setting.values().stream()
            .map(value -> scalar(setting.option(), value))
            .collect(Collectors.joining(", "));
    return setting.option().isMultiValue() ? "[" + values + "]" : values;
  }

  /** As it is where nothing in it could mean something else, else between quotes. */
  private static String scalar(OptionSpec option, String value) {
    String shown = Secrets.shown(option, value);
    boolean isPlain = shown.matches("[A-Za-z0-9./_][A-Za-z0-9./_+-]*") && !isNull(shown);
    return isPlain ? shown : "'" + shown.replace("'", "''") + "'";
  }

  private static boolean isNull(String text) {
    return text.equalsIgnoreCase("null");
  }

  /** One line of what is not the default. */
  static String summary(List<Setting> settings) {
    return settings.stream()
        .filter(setting -> !setting.isDefault())
        .map(SettingsText::brief)
        .collect(Collectors.joining(", "));
  }

  private static String brief(Setting setting) {
    return setting.values().stream()
            .map(value -> Secrets.shown(setting.option(), value))
            .collect(Collectors.joining(",", setting.key() + "=", ""))
        + " ("
        + setting.origin()
        + ")";
  }
}
