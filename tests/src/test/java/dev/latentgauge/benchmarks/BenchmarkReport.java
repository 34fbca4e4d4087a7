package dev.latentgauge.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes one page of the results of all benchmarks, {@code tests/benchmarks.md}, and of what is said
 * of them by hand in {@code tests/benchmarks/NAME.md}, or {@code NAME-gpu.md}: what was tried where
 * a goal is not met.
 *
 * <p>{@code tests/benchmark.sh report}
 */
public final class BenchmarkReport {

  private static final String RESULT = ".json";

  private BenchmarkReport() {}

  /**
   * Writes the page.
   *
   * @param arguments none
   * @throws IOException if a result cannot be read, or the page not be written
   */
  public static void main(String[] arguments) throws IOException {
    Files.writeString(Path.of("tests", "benchmarks.md"), of(Result.FOLDER));
  }

  /** The page of the results in a folder. */
  static String of(Path folder) throws IOException {
    List<Result> results = new ArrayList<>();
    for (Path file : files(folder)) {
      results.add(Result.read(file));
    }
    StringBuilder page =
        new StringBuilder(
            "# Benchmarks\n\nMade by `tests/benchmark.sh report` of `tests/benchmarks/*.json`, which"
                + " `tests/benchmark.sh NAME` writes, or `tests/gpu.sh NAME`. Of times\nonly ratios within one run are"
                + " compared; in brackets is the 95 percent interval of a median, by the bootstrap over"
                + " rounds.\n\n");
    page.append("| goal | asked | measured | where it is worst | |\n|---|---:|---:|---|---|\n");
    for (Result result : results) {
      result.goals().forEach(goal -> page.append(goal.markdown(result.suffix())));
    }
    for (Result result : results) {
      Path said = folder.resolve(result.fileName() + ".md");
      append(page, result, Files.exists(said) ? Files.readString(said) : "");
    }
    return page.toString();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(RESULT)).sorted().toList();
    }
  }

  private static void append(StringBuilder page, Result result, String said) {
    page.append("\n## ").append(result.title()).append(result.suffix()).append("\n\n");
    page.append("    ").append(result.command()).append("\n\n");
    page.append(result.about()).append("\n\n");
    page.append(result.date()).append(", ").append(result.machine().markdown());
    page.append(versions(result.versions())).append(".\n");
    for (Table table : result.tables()) {
      page.append("\n### ").append(table.title()).append("\n\n").append(table.markdown());
    }
    if (!said.isEmpty()) {
      page.append('\n').append(said.strip()).append('\n');
    }
  }

  private static String versions(Map<String, String> versions) {
    return versions.entrySet().stream()
        .map(version -> "; " + version.getKey() + " " + version.getValue())
        .collect(Collectors.joining());
  }
}
