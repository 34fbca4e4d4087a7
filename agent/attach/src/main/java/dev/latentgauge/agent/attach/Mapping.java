package dev.latentgauge.agent.attach;

import dev.latentgauge.observation.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * A mapping of YAML, of which every value is taken as the text that stands there, so that {@code
 * no} is a text unless a truth is asked for. In it {@code ${NAME}} stands for a variable of the
 * environment, and {@code ${NAME:-text}} for a text where there is none of that name.
 *
 * <p>What is wrong is collected, each with its line, and a value that is wrong reads as if it were
 * not there.
 */
final class Mapping {

  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");
  private static final int MOST_SUGGESTIONS = 1;

  private final Reading reading;
  private final String where;
  private final int number;
  private final Map<String, Line> lines = new LinkedHashMap<>();
  private final Set<String> known = new TreeSet<>();

  private record Line(Node value, int number) {}

  /** What all mappings of a file share. */
  private record Reading(Map<String, String> environment, Mistakes mistakes) {}

  private Mapping(Reading reading, String where, int number) {
    this.reading = reading;
    this.where = where;
    this.number = number;
  }

  /**
   * Reads a file's text.
   *
   * @param text YAML; empty is an empty mapping
   * @param environment the variables that may be named
   * @param mistakes is told what is wrong
   * @return the mapping; absent if the text is none, and all that is wrong is said
   */
  static Optional<Mapping> read(String text, Map<String, String> environment, Mistakes mistakes) {
    Mapping mapping = new Mapping(new Reading(environment, mistakes), "", 1);
    try {
      // What Yaml.compose does, without all that Yaml loads to make objects and to write.
      LoaderOptions options = new LoaderOptions();
      Parser parser = new ParserImpl(new StreamReader(text), options);
      Node root = new Composer(parser, new Resolver(), options).getSingleNode();
      if (root instanceof MappingNode node) {
        mapping.addAll(node);
      } else if (root != null) {
        mistakes.add(
            "the file must hold lines like reference: cnn-v1.safetensors, but does not",
            line(root));
        return Optional.empty();
      }
      return Optional.of(mapping);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      mistakes.add("the file must be YAML, but " + e.getProblem().replaceFirst("^but ", ""), line);
    } catch (YAMLException e) {
      mistakes.add("the file must be YAML, but has a character that is none");
    }
    return Optional.empty();
  }

  private void addAll(MappingNode node) {
    for (NodeTuple tuple : node.getValue()) {
      int line = line(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        reading.mistakes().add("the name of a setting must be a word, but is not", line);
      } else if (lines.containsKey(key.getValue())) {
        complain(
            key.getValue(),
            "must be there once, but is on line " + lines.get(key.getValue()).number() + " as well",
            line);
      } else {
        lines.put(key.getValue(), new Line(tuple.getValueNode(), line));
      }
    }
  }

  private static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  private void complain(String key, String mistake, int line) {
    reading.mistakes().add(where + key + " " + mistake, line);
  }

  private @Nullable Line line(String key) {
    known.add(key);
    return lines.get(key);
  }

  /** The text of a setting; absent if it is not there. */
  Optional<String> text(String key) {
    return value(key, "must be one value", Function.identity());
  }

  /**
   * A setting that is more than a text.
   *
   * @param rule what it must be, for the message
   * @param parser throws {@link IllegalArgumentException} at what it is not
   */
  <T> Optional<T> value(String key, String rule, Function<String, T> parser) {
    Line line = line(key);
    if (line == null) {
      return Optional.empty();
    }
    return value(key, rule, line.value(), parser);
  }

  private <T> Optional<T> value(String key, String rule, Node node, Function<String, T> parser) {
    if (!(node instanceof ScalarNode scalar) || scalar.getTag().equals(Tag.NULL)) {
      complain(key, rule + ", but is " + kind(node), line(node));
      return Optional.empty();
    }
    return text(key, scalar).flatMap(text -> parsed(key, rule, text, parser, line(node)));
  }

  private <T> Optional<T> parsed(
      String key, String rule, String text, Function<String, T> parser, int line) {
    try {
      return Optional.of(parser.apply(text));
    } catch (NumberFormatException e) {
      complain(key, rule + ", but is \"" + text + "\"", line);
    } catch (IllegalArgumentException e) {
      reading.mistakes().add(where + key + ": " + e.getMessage(), line);
    }
    return Optional.empty();
  }

  private static String kind(Node node) {
    if (node instanceof SequenceNode) {
      return "a list";
    }
    if (node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
      return "a value";
    }
    return node instanceof MappingNode ? "a mapping" : "empty";
  }

  /** The texts of a setting that is a value or a list of values; empty if it is not there. */
  List<String> texts(String key) {
    return values(key, "must be a value or a list of values", Function.identity());
  }

  /** As {@link #value}, of a setting that is a value or a list of values. */
  <T> List<T> values(String key, String rule, Function<String, T> parser) {
    Line line = line(key);
    if (line == null) {
      return List.of();
    }
    List<Node> nodes =
        line.value() instanceof SequenceNode list ? list.getValue() : List.of(line.value());
    if (nodes.isEmpty()) {
      complain(key, rule + ", but is an empty list", line.number());
    }
    List<T> values = new ArrayList<>();
    for (Node node : nodes) {
      value(key, rule, node, parser).ifPresent(values::add);
    }
    return values;
  }

  /** Whether a setting is {@code true} or {@code false}; absent if it is not there. */
  Optional<Boolean> truth(String key) {
    return value(
        key,
        "must be true or false",
        text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new NumberFormatException("neither");
            });
  }

  /** A mapping in this one; absent if it is not there. */
  Optional<Mapping> mapping(String key) {
    Line line = line(key);
    if (line == null) {
      return Optional.empty();
    }
    Mapping mapping = new Mapping(reading, where + key + ".", line.number());
    if (line.value() instanceof MappingNode node) {
      mapping.addAll(node);
      return Optional.of(mapping);
    }
    complain(key, "must be a mapping, but is " + kind(line.value()), line.number());
    return Optional.empty();
  }

  /** Whether a setting is there, be it right or wrong. */
  boolean has(String key) {
    return line(key) != null;
  }

  /** Complains if a setting is not there. */
  void require(String key) {
    if (!has(key)) {
      complain(key, "must be there, but is not", number);
    }
  }

  /** Complains of a setting that means nothing without another. */
  void requireWith(String key, String other) {
    Line line = line(key);
    if (line != null && !has(other)) {
      complain(key, "is for a " + other + ", but there is no " + other, line.number());
    }
  }

  /** The names of all settings here, each of which is thereby known. */
  Set<String> keys() {
    known.addAll(lines.keySet());
    return lines.keySet();
  }

  /** Replaces variables of the environment; absent if one is not set. */
  private Optional<String> text(String key, ScalarNode scalar) {
    Matcher matcher = VARIABLE.matcher(scalar.getValue());
    StringBuilder text = new StringBuilder();
    boolean isWhole = true;
    while (matcher.find()) {
      String value = reading.environment().getOrDefault(matcher.group(1), "");
      if (value.isEmpty() && matcher.group(2) == null) {
        complain(
            key,
            "names the variable "
                + matcher.group(1)
                + ", which must be set in the environment, but is not",
            line(scalar));
        isWhole = false;
      }
      matcher.appendReplacement(
          text,
          Matcher.quoteReplacement(value.isEmpty() ? String.valueOf(matcher.group(2)) : value));
    }
    matcher.appendTail(text);
    return isWhole ? Optional.of(text.toString()) : Optional.empty();
  }

  /** Complains of settings that nobody has asked for. */
  void requireNoOthers() {
    lines.forEach(
        (key, line) -> {
          if (!known.contains(key)) {
            List<String> near = Nearest.of(key, known, MOST_SUGGESTIONS);
            complain(
                key,
                "is no setting"
                    + (near.isEmpty()
                        ? "; there are " + String.join(", ", known)
                        : "; did you mean " + near.get(0) + "?"),
                line.number());
          }
        });
  }
}
