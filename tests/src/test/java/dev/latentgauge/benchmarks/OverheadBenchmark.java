package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a monitor costs the training that it is attached to: whether it keeps its budget, whether
 * what it says of itself is so, and what it costs in steps that it does not measure; beside what
 * Deeplearning4j's own listener costs its trainings.
 *
 * <p>A program of its own, since two trainings must take turns. A row takes the time that it is
 * given, or, under a small budget, as long as it takes until the first observation fits, which may
 * be fifteen times that; all together half an hour. It wants a core for itself:
 *
 * <p>{@code tests/benchmark.sh OverheadBenchmark [--seconds SECONDS_A_ROW]}
 */
public final class OverheadBenchmark {

  private static final double DEFAULT_SECONDS = 20;
  private static final int PROBES = 512;
  private static final double LARGER_BUDGET = 0.01;
  private static final double SMALLER_BUDGET = 0.001;

  /** How often the trainings of a row of other steps begin anew. */
  private static final int STARTS = 8;

  /** So much longer than another row, for all starts. */
  private static final double TIMES_FOR_OTHER_STEPS = 3;

  private static final int[] FREQUENCIES = {1, 10};

  private static final String ABOUT =
      "Two trainings in one process, the same but for the monitor, take turns of 60 ms: without,"
          + " with, with, without. Images of 28 x 28\nrandom pixels in batches of 64; a perceptron"
          + " of 784-256-256-128-10, three convolutions of 16, 32 and 64 channels, two layers\nof"
          + " attention over 16 patches; 128 anchors, "
          + PROBES
          + " probes, one thread. What the training waits is timed by a listener around the\nmonitor,"
          + " less what that costs around one that does nothing, and through the Java agent by how"
          + " much longer a step takes\nthan the median of the others. *With the end* contains the"
          + " measurement at the end, which is made even where the budget has no room\nfor it, and"
          + " the delivery of the last reports, once a training. Every training has its own clock,"
          + " which stands still while the\nother trains; the Java agent goes by that on the wall,"
          + " for which there is twice as much training, and is asked for half the\nbudget; it"
          + " changes the classes of both trainings.\n\nSteps at which nothing is measured are"
          + " compared by trainings that begin anew "
          + STARTS
          + " times, since one of two is faster by\nsome percent for where its arrays lie; which of"
          + " them makes its arrays first takes turns, and two without a monitor tell how far\nthat"
          + " can see.";

  private static final String ABOUT_OTHERS =
      " Deeplearning4j's StatsListener stores scores, parameters, gradients and updates in memory,"
          + " here of networks of the\nsame sizes, on as many threads.";

  private final double seconds;
  private final PrintStream out;
  private final List<Row> rows = new ArrayList<>();
  private final List<Untouched> untouched = new ArrayList<>();

  /**
   * How long steps take at which nothing is measured, with a monitor by without.
   *
   * @param ratios of each start
   */
  private record Untouched(
      TrainedModel trained, Optional<Attachment> attachment, List<Double> ratios) {

    String monitor() {
      return attachment.map(Attachment::title).orElse("none");
    }

    Cell ratio() {
      return Cell.ofRounds(ratios);
    }
  }

  /** What a monitor did. */
  private record Row(TrainedModel trained, Attachment attachment, Overhead overhead) {

    String where() {
      return trained.title() + ", " + attachment.title();
    }

    /** The share that the training waited by that which it may wait. */
    double shareOfBudget() {
      return overhead.waitedRatio() / attachment.budget().orElseThrow();
    }
  }

  private OverheadBenchmark(double seconds, PrintStream out) {
    this.seconds = seconds;
    this.out = out;
  }

  /**
   * Measures, and writes the result to {@code tests/benchmarks}.
   *
   * @param arguments none, or {@code --seconds} and a number above 0
   * @throws IllegalArgumentException if they are others
   * @throws IOException if a process cannot be started, or the result not be written
   * @throws InterruptedException if it is interrupted
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    double seconds = Arguments.seconds(arguments, DEFAULT_SECONDS);
    run(List.of(TrainedModel.values()), PROBES, STARTS, seconds, out).write(Result.FOLDER);
  }

  /** Trains models in every way, for so many seconds each. */
  static Result run(
      List<TrainedModel> models, int probes, int starts, double seconds, PrintStream out)
      throws IOException, InterruptedException {
    OverheadBenchmark benchmark = new OverheadBenchmark(seconds, out);
    for (TrainedModel trained : models) {
      for (Attachment attachment :
          List.of(
              Attachment.budget(LARGER_BUDGET),
              Attachment.budget(SMALLER_BUDGET),
              Attachment.twoLayers(LARGER_BUDGET),
              Attachment.EVERY_STEP,
              Attachment.NEVER)) {
        benchmark.add(
            trained, attachment, MonitoredTraining.run(trained, probes, attachment, seconds));
      }
      benchmark.add(
          trained,
          Attachment.javaAgent(LARGER_BUDGET),
          AttachedTraining.run(trained, probes, LARGER_BUDGET, seconds));
      for (Optional<Attachment> attachment :
          List.of(
              Optional.<Attachment>empty(),
              Optional.of(Attachment.NEVER),
              Optional.of(Attachment.budget(LARGER_BUDGET)))) {
        benchmark.add(
            new Untouched(
                trained,
                attachment,
                OtherSteps.run(
                    trained, probes, attachment, starts, TIMES_FOR_OTHER_STEPS * seconds)));
      }
    }
    // Deeplearning4j computes on a CPU here.
    return benchmark.result(benchmark.others(Machine.isGpuUsed() ? List.of() : models));
  }

  private void add(TrainedModel trained, Attachment attachment, Overhead overhead) {
    Row row = new Row(trained, attachment, overhead);
    rows.add(row);
    out.println(row.where() + ": " + Cell.ofRounds(overhead.ratios()).markdown());
  }

  private void add(Untouched row) {
    untouched.add(row);
    out.println(
        row.trained().title()
            + ", other steps, monitor "
            + row.monitor()
            + ": "
            + row.ratio().markdown());
  }

  private Table otherSteps() {
    Table table =
        new Table(
            "Steps at which nothing is measured",
            "network",
            "monitor",
            "time with ÷ without",
            "least of all starts",
            "most");
    for (Untouched row : untouched) {
      table.add(
          Cell.of(row.trained().title()),
          Cell.of(row.monitor()),
          row.ratio(),
          Cell.of(Collections.min(row.ratios())),
          Cell.of(Collections.max(row.ratios())));
    }
    return table;
  }

  private Table others(List<TrainedModel> models) throws IOException, InterruptedException {
    Table table =
        new Table(
            "Deeplearning4j and its StatsListener",
            "network",
            "it looks every … steps",
            "steps/s without",
            "time with ÷ without");
    for (TrainedModel trained : models) {
      if (trained == TrainedModel.TRANSFORMER) {
        continue; // Its networks are lists of layers, which those of a transformer are not.
      }
      for (int frequency : FREQUENCIES) {
        StatsListenerProcess other = StatsListenerProcess.run(trained, frequency, seconds);
        table.add(
            Cell.of(trained.title()),
            Cell.ofCount(frequency),
            Cell.of(Quantiles.median(other.stepsPerSecond())),
            Cell.ofRounds(other.ratios()));
        out.println(
            trained.title()
                + ", StatsListener every "
                + frequency
                + ": "
                + Cell.ofRounds(other.ratios()).markdown());
      }
    }
    return table;
  }

  private Result result(Table others) {
    boolean isAlone = others.rows().isEmpty();
    return Result.of(
        OverheadBenchmark.class,
        "Overhead on training",
        isAlone ? ABOUT : ABOUT + ABOUT_OTHERS,
        LocalDate.now(Clock.systemUTC()).toString(),
        isAlone ? Map.of() : Map.of("Deeplearning4j", StatsListenerProcess.VERSION),
        isAlone ? List.of(table(), otherSteps()) : List.of(table(), otherSteps(), others),
        goals());
  }

  private Table table() {
    Table table =
        new Table(
            "Trainings with a monitor",
            "network",
            "monitor",
            "steps/s without",
            "time with ÷ without",
            "waited, %",
            "it says, %",
            "with the end, %",
            "measured, times",
            "ms each",
            "µs at other steps");
    for (Row row : rows) {
      Overhead overhead = row.overhead();
      boolean isByAgent = row.attachment().isByAgent();
      table.add(
          Cell.of(row.trained().title()),
          Cell.of(row.attachment().title()),
          Cell.of(Quantiles.median(overhead.stepsPerSecond())),
          Cell.ofRounds(overhead.ratios()),
          Cell.of(overhead.waitedRatio() * 100),
          // Of the time on the wall, which is that of two trainings.
          Cell.of(overhead.reportedRatio() * 100 * (isByAgent ? 2 : 1)),
          Cell.of(overhead.waitedRatioWithEnd() * 100),
          Cell.ofCount(overhead.observationsOnTheWay()),
          Cell.of(overhead.millisPerObservation()),
          isByAgent ? Cell.NONE : Cell.of(overhead.microsBetweenObservations()));
    }
    return table;
  }

  private List<Goal> goals() {
    Row worst =
        rows.stream()
            .filter(row -> row.attachment().budget().isPresent())
            .max(Comparator.comparingDouble(Row::shareOfBudget))
            .orElseThrow();
    Untouched slowest =
        untouched.stream()
            .filter(row -> row.attachment().isPresent())
            .max(Comparator.comparingDouble(row -> row.ratio().number()))
            .orElseThrow();
    return List.of(
        Goal.atMost(
            "the share of its time that a training waits ÷ the budget",
            1,
            Cell.of(worst.shareOfBudget()),
            worst.where()),
        Goal.atMost(
            "steps that are not measured, with a monitor ÷ without",
            1.01,
            slowest.ratio(),
            slowest.trained().title() + ", " + slowest.monitor()));
  }
}
