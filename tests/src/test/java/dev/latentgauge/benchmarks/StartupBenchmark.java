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
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the Java agent costs a program at its start: one that trains nothing, and one whose
 * trainings are none that is monitored, on the oldest and the newest Java.
 *
 * <p>{@code tests/benchmark.sh StartupBenchmark [--turns N]}; six minutes.
 */
public final class StartupBenchmark {

  private static final int DEFAULT_TURNS = 30;
  private static final double MILLISECONDS = 1e6;
  private static final String NOT_MONITORED = "{reference: none.safetensors, model: none}";

  private static final String ABOUT =
      "Whole processes from start to end, with and without the Java agent in turns: a program that"
          + " trains nothing, and one whose\ntrainings are none that is monitored, on the oldest and"
          + " the newest Java. The difference is that within a turn.";

  private final int turns;
  private final Path folder;
  private final PrintStream out;
  private final Table table =
      new Table(
          "A start",
          "program",
          "Java",
          "starts of each",
          "without, ms",
          "with the agent, ms",
          "difference, ms");

  StartupBenchmark(int turns, Path folder, PrintStream out) {
    this.turns = turns;
    this.folder = folder;
    this.out = out;
  }

  /**
   * Measures, and writes the result to {@code tests/benchmarks}.
   *
   * @param arguments none, or {@code --turns} and a number of at least 1
   * @throws IllegalArgumentException if they are others
   */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    Path folder = Files.createTempDirectory("startup");
    new StartupBenchmark(turns(arguments), folder, out).run(Jdk.values()).write(Result.FOLDER);
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

  Result run(Jdk... jdks) throws IOException, InterruptedException {
    Files.write(folder.resolve("none.safetensors"), new byte[] {2, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
    for (Jdk jdk : jdks) {
      add("trains nothing", jdk, NoTraining.class);
      add("trains, not monitored", jdk, SmallTraining.class, "FIT", "1", "1");
    }
    return Result.of(
        StartupBenchmark.class,
        "A program's start",
        ABOUT,
        LocalDate.now(Clock.systemUTC()).toString(),
        Map.of(),
        List.of(table),
        List.of());
  }

  private void add(String name, Jdk jdk, Class<?> main, String... arguments)
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
    Cell difference = Cell.ofRounds(differences);
    String version = jdk.name().replaceAll("\\D", "");
    table.add(
        Cell.of(name),
        Cell.of(version),
        Cell.ofCount(turns),
        Cell.of(Quantiles.median(without)),
        Cell.of(Quantiles.median(with)),
        difference);
    out.println(name + ", Java " + version + ": " + difference.markdown() + " ms longer");
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
}
