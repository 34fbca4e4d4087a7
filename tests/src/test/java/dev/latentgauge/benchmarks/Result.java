package dev.latentgauge.benchmarks;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a benchmark has seen, on which machine and when.
 *
 * @param name of its class
 * @param title what it is about
 * @param about how it was measured, in Markdown
 * @param date the day, in UTC
 * @param machine what it ran on
 * @param versions of what is compared, by its name
 * @param tables what was seen
 * @param goals what was asked
 */
record Result(
    String name,
    String title,
    String about,
    String date,
    Machine machine,
    SortedMap<String, String> versions,
    List<Table> tables,
    List<Goal> goals) {

  /** Where results are, from the root of the project. */
  static final Path FOLDER = Path.of("tests", "benchmarks");

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  /** Keeps copies. */
  Result {
    versions = new TreeMap<>(versions);
    tables = tables.stream().map(Table::finished).toList();
    goals = List.copyOf(goals);
  }

  static Result of(
      Class<?> benchmark,
      String title,
      String about,
      String date,
      Map<String, String> versions,
      List<Table> tables,
      List<Goal> goals) {
    return new Result(
        benchmark.getSimpleName(),
        title,
        about,
        date,
        Machine.current(),
        new TreeMap<>(versions),
        tables,
        goals);
  }

  static Result read(Path file) throws IOException {
    return GSON.fromJson(Files.readString(file), Result.class);
  }

  String json() {
    return GSON.toJson(this) + "\n";
  }

  /** How it is run again, from the root of the project. */
  String command() {
    return (isOnGpu() ? "tests/gpu.sh " : "tests/benchmark.sh ") + name;
  }

  /** What is added to its title and its goals, as a CPU may have the same. */
  String suffix() {
    return isOnGpu() ? ", on a GPU" : "";
  }

  private boolean isOnGpu() {
    return machine.gpu() != null;
  }

  /** The name of its files, but for their ends. */
  String fileName() {
    return isOnGpu() ? name + "-gpu" : name;
  }

  /** Writes it to a folder, in place of what was seen before, with a GPU or without. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(fileName() + ".json"), json());
  }
}
