package dev.latentgauge.tests.dashboards;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/** The rules of Prometheus, and their tests, as they are published. */
final class Rules {

  static final Path FOLDER = Dashboard.FOLDER.resolve("prometheus");

  private Rules() {}

  /**
   * A rule.
   *
   * @param name of an alert or of what is recorded
   * @param alerts whether it is an alert
   */
  record Rule(String name, boolean alerts, Map<?, ?> yaml) {
    String expression() {
      return String.valueOf(yaml.get("expr"));
    }

    String label(String label) {
      return in("labels", label);
    }

    String annotation(String annotation) {
      return in("annotations", annotation);
    }

    private String in(String group, String key) {
      return map(yaml.get(group)).get(key) instanceof String text ? text : "";
    }
  }

  static List<Rule> alerts() {
    return rules("alerts.yaml");
  }

  static List<Rule> recorded() {
    return rules("recording.yaml");
  }

  private static List<Rule> rules(String file) {
    return maps(read(FOLDER.resolve(file)).get("groups"))
        .flatMap(group -> maps(group.get("rules")))
        .map(
            rule ->
                rule.get("alert") instanceof String alert
                    ? new Rule(alert, true, rule)
                    : new Rule(String.valueOf(rule.get("record")), false, rule))
        .toList();
  }

  /** The files with tests of rules. */
  static List<Path> tests() {
    try (Stream<Path> files = Files.list(FOLDER.resolve("tests"))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<?, ?> read(Path file) {
    try {
      return new Yaml().load(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The members of a list, or nothing. */
  static Stream<Map<?, ?>> maps(@Nullable Object list) {
    return list instanceof List<?> found
        ? found.stream().map(element -> (Map<?, ?>) element)
        : Stream.empty();
  }

  /** A member that is a map, or an empty one. */
  static Map<?, ?> map(@Nullable Object member) {
    return member instanceof Map<?, ?> found ? found : Map.of();
  }
}
