package dev.latentgauge.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A training with Deeplearning4j, with and without its own listener, in a process of its own.
 *
 * @param stepsPerSecond without it, in each round
 * @param ratios time with it by time without, in each round
 */
record StatsListenerProcess(List<Double> stepsPerSecond, List<Double> ratios) {

  /** Of the library, as its module says. */
  static final String VERSION = "1.0.0-M2.1";

  private static final Path MODULE = Path.of("tests", "dl4j");
  private static final String MAIN = "dev.latentgauge.tests.dl4j.StatsListenerTraining";

  /**
   * Trains for a time.
   *
   * @param trained {@code MLP} or {@code CNN}
   * @param frequency in how many steps the listener looks once, at least 1
   * @param seconds of both trainings together, above 0; three rounds at least are made
   * @throws IOException if the module is not built, or the program fails
   */
  static StatsListenerProcess run(TrainedModel trained, int frequency, double seconds)
      throws IOException, InterruptedException {
    Path module = Files.exists(MODULE) ? MODULE : Path.of("..").resolve(MODULE);
    String libraries = Files.readString(module.resolve(Path.of("target", "classpath")));
    ProcessBuilder builder =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                module.resolve(Path.of("target", "classes")) + File.pathSeparator + libraries,
                MAIN,
                trained.name(),
                Integer.toString(frequency),
                Double.toString(seconds))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("OMP_NUM_THREADS", "1");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(MAIN + " must end with 0, but has ended with " + process.exitValue());
    }
    return parse(output);
  }

  /** Of lines with steps, nanoseconds without, and nanoseconds with the listener. */
  private static StatsListenerProcess parse(String output) {
    List<Double> stepsPerSecond = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (String line : output.lines().toList()) {
      String[] numbers = line.split(" ", -1);
      double without = Double.parseDouble(numbers[1]);
      stepsPerSecond.add(Double.parseDouble(numbers[0]) / (without / 1e9));
      ratios.add(Double.parseDouble(numbers[2]) / without);
    }
    return new StatsListenerProcess(List.copyOf(stepsPerSecond), List.copyOf(ratios));
  }
}
