package dev.latentgauge.tests.javaagent;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/** What was reported into a file of JSON lines. */
record Observations(List<JsonObject> lines) {

  static Observations in(Path file) throws IOException {
    return new Observations(
        Files.readAllLines(file).stream()
            .map(line -> JsonParser.parseString(line).getAsJsonObject())
            .toList());
  }

  /** The layers that have a score, in alphabetical order. */
  List<String> layers() {
    return List.copyOf(
        new TreeSet<>(
            lines.stream()
                .filter(line -> line.has("score"))
                .map(line -> line.get("layer").getAsString())
                .toList()));
  }

  /** Steps and epochs of all observations of a run, as {@code 64/1}. */
  List<String> moments() {
    return lines.stream()
        .filter(line -> line.has("step"))
        .map(line -> line.get("step").getAsLong() + "/" + line.get("epoch").getAsInt())
        .toList();
  }

  /** How runs have ended, as {@code run: state}. */
  List<String> ends() {
    return lines.stream()
        .filter(line -> line.has("state"))
        .map(line -> line.get("run").getAsString() + ": " + line.get("state").getAsString())
        .toList();
  }

  /** The reason of the last end. */
  String reason() {
    return lines.get(lines.size() - 1).get("reason").getAsString();
  }

  /** The names of the runs that have begun. */
  List<String> runs() {
    return lines.stream()
        .filter(line -> line.get("event").getAsString().equals("begin"))
        .map(line -> line.get("run").getAsString())
        .toList();
  }

  /** The scores of a run. */
  List<Double> scores(String run) {
    return lines.stream()
        .filter(line -> line.has("score") && line.get("run").getAsString().equals(run))
        .map(line -> line.get("score").getAsDouble())
        .toList();
  }

  /** The updates at which a run has a score. */
  List<Long> steps(String run) {
    return lines.stream()
        .filter(line -> line.has("score") && line.get("run").getAsString().equals(run))
        .map(line -> line.get("step").getAsLong())
        .toList();
  }
}
