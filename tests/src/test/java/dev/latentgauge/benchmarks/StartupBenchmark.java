package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latentgauge.tests.javaagent.Jdk;
import dev.latentgauge.tests.javaagent.Program;
import dev.latentgauge.tests.unaware.NoTraining;
import dev.latentgauge.tests.unaware.SmallTraining;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the Java agent costs a program at its start: one that trains nothing, and one whose
 * trainings are none that is monitored, on the oldest and the newest Java.
 *
 * <p>Each is run with and without the agent in turns, whole processes from start to end; the table
 * has medians, and of the differences within a turn the middle half.
 *
 * <p>{@code tests/benchmark.sh StartupBenchmark [--turns N]}
 */
public final class StartupBenchmark {

  private static final int DEFAULT_TURNS = 30;
  private static final double MILLISECONDS = 1e6;
  private static final String NOT_MONITORED = "{reference: none.safetensors, model: none}";

  private final int turns;
  private final Path folder;
  private final PrintStream out;

  StartupBenchmark(int turns, Path folder, PrintStream out) {
    this.turns = turns;
    this.folder = folder;
    this.out = out;
  }

  /**
   * Prints the table.
   *
   * @param arguments none, or {@code --turns} and a number of at least 1
   * @throws IllegalArgumentException if they are others
   */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    Path folder = Files.createTempDirectory("startup");
    new StartupBenchmark(turns(arguments), folder, out).print(Jdk.values());
  }

  static int turns(String... arguments) {
    if (arguments.length == 0) {
      return DEFAULT_TURNS;
    }
    String given = String.join(" ", arguments);
    if (!given.matches("--turns [1-9][0-9]{0,5}")) {
      throw new IllegalArgumentException("the options must be none or --turns N, but are " + given);
    }
    return Integer.parseInt(arguments[1]);
  }

  void print(Jdk... jdks) throws IOException, InterruptedException {
    Files.write(folder.resolve("none.safetensors"), new byte[] {2, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
    out.println(
        "| program | Java | without, ms | with the agent, ms | difference, ms (middle half) |");
    out.println("|---|---|---:|---:|---:|");
    for (Jdk jdk : jdks) {
      print("trains nothing", jdk, NoTraining.class);
      print("trains, not monitored", jdk, SmallTraining.class, "FIT", "1", "1");
    }
  }

  private void print(String name, Jdk jdk, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    List<Double> without = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    List<Double> differences = new ArrayList<>();
    for (int turn = -1; turn < turns; turn++) {
      double alone = milliseconds(program(jdk, main), arguments);
      double attached = milliseconds(program(jdk, main).attached(NOT_MONITORED), arguments);
      if (turn >= 0) {
        without.add(alone);
        with.add(attached);
        differences.add(attached - alone);
      }
    }
    out.printf(
        Locale.ROOT,
        "| %s | %s | %.0f | %.0f | %.0f (%.0f to %.0f) |%n",
        name,
        jdk.name().replaceAll("\\D", ""),
        quantile(without, 0.5),
        quantile(with, 0.5),
        quantile(differences, 0.5),
        quantile(differences, 0.25),
        quantile(differences, 0.75));
  }

  private Program program(Jdk jdk, Class<?> main) {
    return new Program(folder)
        .on(jdk)
        .with("-XX:TieredStopAtLevel=4") // as Java is started by others
        .running("-cp", Program.classPath(), main.getName());
  }

  private static double milliseconds(Program program, String... arguments)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    Program.Result result = program.run(arguments);
    long end = System.nanoTime();
    if (result.status() != 0) {
      throw new IllegalStateException("a program has failed: " + result);
    }
    return (end - start) / MILLISECONDS;
  }

  private static double quantile(List<Double> values, double share) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get((int) Math.round(share * (sorted.size() - 1)));
  }
}
