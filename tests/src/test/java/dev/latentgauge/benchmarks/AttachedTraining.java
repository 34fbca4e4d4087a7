package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import dev.latentgauge.observation.Wire;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.tests.javaagent.Program;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program with two trainings that take turns, of which the Java agent monitors one.
 *
 * <p>The agent goes by the clock on the wall, for which the training is twice as long as it is: it
 * is asked for half the budget.
 */
public final class AttachedTraining {

  private static final String SETTINGS =
      """
      reference: reference.safetensors
      model: with
      run: overhead
      cadence: %s %%
      json-lines: overhead.jsonl
      """;

  private static final String REPORTS = "overhead.jsonl";

  /** For starts, warm-ups and the end. */
  private static final Duration USUAL_OVERTIME = Duration.ofMinutes(5);

  /**
   * What the program has seen.
   *
   * @param stepsWith nanoseconds of every step of the training with the monitor
   * @param ownNanos when that training ended, by its own clock
   * @param nanosAtEnd how long it took to close its trainer
   */
  private record Seen(
      List<Interleaving.Round> rounds, List<Long> stepsWith, long ownNanos, long nanosAtEnd) {}

  private AttachedTraining() {}

  /**
   * Trains in a process of its own.
   *
   * @param probes how many inputs are embedded beside the anchors
   * @param budget a share, above 0 and at most 1
   * @param seconds of both trainings together, above 0
   */
  static Overhead run(TrainedModel trained, int probes, double budget, double seconds)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("attached");
    try (NDManager manager = NDManager.newBaseManager();
        ProbeSet inputs = TrainedModel.probes(manager, probes);
        Reference reference = MonitoredTraining.reference(trained, inputs)) {
      reference.save(folder.resolve("reference.safetensors"));
    }
    Program.Result result =
        new Program(folder)
            .within(USUAL_OVERTIME.plusSeconds((long) (Interleaving.MOST_EXTENSION * seconds)))
            .attached(SETTINGS.formatted(budget * 100 / 2))
            .with("-XX:TieredStopAtLevel=4") // as Java is started by others
            .with("-Dorg.slf4j.simpleLogger.defaultLogLevel=error")
            .running("-cp", Program.classPathWithOurs(), AttachedTraining.class.getName())
            .run(trained.name(), Double.toString(seconds));
    if (result.status() != 0) {
      throw new IllegalStateException("the program has failed: " + result);
    }
    Seen seen = new Gson().fromJson(result.output(), Seen.class);
    return Overhead.fromOutside(
        seen.rounds(),
        seen.stepsWith(),
        seen.nanosAtEnd(),
        seen.ownNanos(),
        observations(folder).map(Wire::readObservation).toList());
  }

  /** Those that were reported so far, as lines of JSON. */
  private static Stream<String> observations(Path folder) {
    try {
      Path file = folder.resolve(REPORTS);
      return Files.exists(file)
          ? Files.readAllLines(file).stream()
              .filter(line -> line.contains("\"event\":\"observation\""))
          : Stream.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the training was not observed since the baseline. */
  private static boolean waits() {
    return observations(Path.of("")).count() < 2;
  }

  /**
   * Trains, and prints what it has seen.
   *
   * @param arguments a model, and for how many seconds
   */
  public static void main(String[] arguments) {
    TrainedModel trained = TrainedModel.valueOf(arguments[0]);
    double seconds = Double.parseDouble(arguments[1]);
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    try (NDManager manager = NDManager.newBaseManager()) {
      List<NDList> data = TrainedModel.data(manager);
      OwnTime time = new OwnTime();
      List<Interleaving.Round> rounds;
      long nanosAtEnd;
      try (TrainingArm without = new TrainingArm("without", trained, data, new OwnTime())) {
        TrainingArm with = new TrainingArm("with", trained, data, time);
        try (with) {
          rounds = Interleaving.run(without, with, seconds, AttachedTraining::waits);
          nanosAtEnd = time.nanoTime();
        }
        nanosAtEnd = time.nanoTime() - nanosAtEnd;
        out.println(new Gson().toJson(new Seen(rounds, with.steps(), time.nanoTime(), nanosAtEnd)));
      }
    }
  }
}
