package dev.latentgauge.tests.dashboards;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A dashboard as Grafana reads it.
 *
 * @param name the name of its file, without the ending
 * @param json all of it
 */
record Dashboard(String name, JsonObject json) {

  static final Path FOLDER = Path.of("..", "dashboards");

  /** All dashboards of the project. */
  static List<Dashboard> all() {
    try (Stream<Path> files = Files.list(FOLDER.resolve("grafana"))) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .map(Dashboard::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Dashboard read(Path file) {
    try {
      return new Dashboard(
          file.getFileName().toString().replace(".json", ""),
          JsonParser.parseString(Files.readString(file)).getAsJsonObject());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A panel that is no row. */
  record Panel(JsonObject json) {
    String title() {
      return text(json, "title");
    }

    String type() {
      return text(json, "type");
    }

    List<Target> targets() {
      return objects(json.get("targets")).map(Target::new).toList();
    }
  }

  /** A query of a panel. */
  record Target(JsonObject json) {
    String expression() {
      return text(json, "expr");
    }
  }

  String title() {
    return text(json, "title");
  }

  String uid() {
    return text(json, "uid");
  }

  /** Panels and rows in the order of their file. */
  List<JsonObject> panelsAndRows() {
    return objects(json.get("panels")).toList();
  }

  List<Panel> panels() {
    return panelsAndRows().stream()
        .filter(panel -> !text(panel, "type").equals("row"))
        .map(Panel::new)
        .toList();
  }

  List<JsonObject> variables() {
    return objects(json.getAsJsonObject("templating").get("list")).toList();
  }

  List<JsonObject> annotations() {
    return objects(json.getAsJsonObject("annotations").get("list")).toList();
  }

  /** Everything that is asked of Prometheus, variables aside. */
  List<String> expressions() {
    return Stream.concat(
            panels().stream().flatMap(panel -> panel.targets().stream()).map(Target::expression),
            annotations().stream().map(annotation -> text(annotation, "expr")))
        .toList();
  }

  /** The series of which variables take the labels. */
  List<String> variableSeries() {
    return variables().stream()
        .filter(variable -> text(variable, "type").equals("query"))
        .map(variable -> text(variable.getAsJsonObject("query"), "query"))
        .map(query -> query.replaceFirst("^label_values\\((.*), \\w+\\)$", "$1"))
        .toList();
  }

  static Stream<JsonObject> objects(JsonElement array) {
    return StreamSupport.stream(array.getAsJsonArray().spliterator(), false)
        .map(JsonElement::getAsJsonObject);
  }

  /** A member that is a text, or nothing. */
  static String text(JsonObject object, String member) {
    return object.has(member) ? object.get(member).getAsString() : "";
  }

  @Override
  public String toString() {
    return name;
  }
}
