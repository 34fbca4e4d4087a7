package dev.latentgauge.cli.settings;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A YAML file of options: one mapping, of names to values or lists of values.
 *
 * <p>Every value is the text that stands there, with or without quotes, and means what it means
 * after the flag. Nothing is guessed from how it looks, so that {@code no} stays a text and {@code
 * 012} a twelve, and nothing is made of it but texts.
 */
final class SettingsFile {

  private static final long MOST_BYTES = 1 << 20;

  private final Path path;
  private final List<String> mistakes;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, Entry> byKey = new HashMap<>();

  /**
   * An option in a file.
   *
   * @param isList whether its values are written as a list
   * @param origin the line and the file
   */
  record Entry(String key, List<String> values, boolean isList, int line, String origin) {}

  private SettingsFile(Path path, List<String> mistakes) {
    this.path = path;
    this.mistakes = mistakes;
  }

  /**
   * Reads a file.
   *
   * @param mistakes is told what is wrong with it
   * @return what could be read of it, each key once
   */
  static List<Entry> read(Path path, List<String> mistakes) {
    SettingsFile file = new SettingsFile(path, mistakes);
    file.read();
    return file.entries;
  }

  private void read() {
    try {
      if (Files.size(path) > MOST_BYTES) {
        mistakes.add(
            "config must have at most " + MOST_BYTES + " bytes, but " + path + " has more");
        return;
      }
      Node root = yaml().compose(new StringReader(Files.readString(path)));
      if (root instanceof MappingNode mapping) {
        mapping.getValue().forEach(this::add);
      } else if (root != null) {
        complain("the file must hold lines like port: 9475, but does not", root);
      }
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      mistakes.add("the file must be YAML, but " + e.getProblem() + " (" + origin(line) + ")");
    } catch (YAMLException e) {
      mistakes.add("the file must be YAML, but has a character that is none (" + path + ")");
    } catch (IOException e) {
      mistakes.add("config must be a file that can be read, but " + path + " " + reason(e));
    }
  }

  private static Yaml yaml() {
    return new Yaml(new SafeConstructor(new LoaderOptions()));
  }

  private static String reason(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "does not exist";
    } else if (failure instanceof CharacterCodingException) {
      return "is not UTF-8";
    }
    return "cannot: " + failure;
  }

  private void add(NodeTuple line) {
    if (!(line.getKeyNode() instanceof ScalarNode name)) {
      complain("the name of an option must be a word, but is not", line.getKeyNode());
      return;
    }
    String key = name.getValue();
    @Nullable List<String> values = values(key, line.getValueNode());
    if (values == null) {
      return;
    }
    int number = line(name);
    boolean isList = line.getValueNode() instanceof SequenceNode;
    Entry entry = new Entry(key, values, isList, number, origin(number));
    @Nullable Entry before = byKey.putIfAbsent(key, entry);
    if (before == null) {
      entries.add(entry);
    } else {
      complain(key + " must be given once, but is on line " + before.line + " as well", name);
    }
  }

  private @Nullable List<String> values(String key, Node node) {
    List<Node> nodes = node instanceof SequenceNode list ? list.getValue() : List.of(node);
    List<String> values = new ArrayList<>();
    for (Node each : nodes) {
      if (!(each instanceof ScalarNode scalar)) {
        complain(key + " must be a value or a list of values, but goes deeper", each);
        return null;
      } else if (scalar.getTag().equals(Tag.NULL)) {
        complain(key + " must have a value, but has none; \"\" is an empty one", each);
        return null;
      }
      values.add(scalar.getValue());
    }
    return values;
  }

  private void complain(String mistake, Node node) {
    mistakes.add(mistake + " (" + origin(line(node)) + ")");
  }

  private static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  private String origin(int line) {
    return "line " + line + " of " + path;
  }
}
