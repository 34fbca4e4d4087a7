package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.engine.Engine;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How time and memory grow with all that can grow: probes, anchors, dimensions, layers, references,
 * runs, and observations; nothing shall grow faster than in proportion, and reads of one run not at
 * all with the runs beside it.
 *
 * <p>Each quantity grows alone, by equal factors. All its sizes take turns in each round, and each
 * round has an exponent.
 *
 * <p>{@code tests/benchmark.sh GrowthBenchmark [--history OBSERVATIONS] [--seconds SECONDS_A_ROW]};
 * a quarter of an hour, and five gigabytes of disk for ten million observations.
 */
public final class GrowthBenchmark {

  private static final String ABOUT =
      "Each quantity grows alone, by equal factors. All its sizes take turns in each round, and"
          + " each round has an exponent: the slope, by least\n"
          + "squares, of the logarithm of what it takes over that of the quantity. That of the last"
          + " step is of the two largest sizes alone, where what\n"
          + "does not grow weighs least.\n\n"
          + "Measurements, of 4096 probes, 256 anchors and 256 dimensions but for what grows, are"
          + " those of `MeasurementBenchmark`, and their memory is\n"
          + "taken as there. Companions are linear CKA, effective rank and neighbour overlap, which"
          + " the agent measures besides. An observation is what a\n"
          + "training waits for its monitor, with companions, of 512 probes and 128 anchors: one to"
          + " eight layers of 256 units against one reference,\n"
          + "or the last of them against one to eight references. All with one thread of the"
          + " engine.\n\n"
          + "Collectors are in the process of the benchmark, with SQLite, and one client uses them;"
          + " the processor time is that of the process. Of\n"
          + "the growing runs, which are live and have one series each, ten have a thousand"
          + " observations, and are read; the others have ten. The growing\n"
          + "observations are those of a hundred runs, of which ten are read, by attempt and step;"
          + " at a start the collector checks all of its database.";

  private static final Sizes USUAL =
      new Sizes(
          new MeasurementSize(4096, 256, 256),
          new MeasurementSize(512, 128, 256),
          8,
          List.of(100L, 1_000L, 10_000L),
          List.of(10_000L, 100_000L, 1_000_000L, 10_000_000L),
          10,
          5);

  private final PrintStream out;
  private final List<Growth> growths = new ArrayList<>();

  /**
   * How large everything is.
   *
   * @param measured what a measurement is of, but for what grows
   * @param observed what a monitor observes
   * @param layers the most layers and references
   * @param runs of collectors
   * @param histories observations of collectors
   * @param rounds where they are counted
   * @param seconds for how long to time, where they are not
   */
  record Sizes(
      MeasurementSize measured,
      MeasurementSize observed,
      int layers,
      List<Long> runs,
      List<Long> histories,
      int rounds,
      double seconds) {

    /** The largest, and those with a tenth, a hundredth and a thousandth of it. */
    Sizes withHistory(long most) {
      List<Long> all = List.of(most / 1000, most / 100, most / 10, most);
      return new Sizes(measured, observed, layers, runs, all, rounds, seconds);
    }

    Sizes withSeconds(double time) {
      return new Sizes(measured, observed, layers, runs, histories, rounds, time);
    }
  }

  private GrowthBenchmark(PrintStream out) {
    this.out = out;
  }

  /**
   * Measures, and writes the result to {@code tests/benchmarks}.
   *
   * @param arguments pairs of {@code --history} and a multiple of 100,000, the most observations of
   *     a collector (10,000,000), or {@code --seconds} and a number above 0 (5)
   * @throws IllegalArgumentException if they are others
   * @throws IOException if a collector cannot be started, or the result not be written
   */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    Sizes sizes = sizes(arguments);
    Path folder = Files.createTempDirectory("growth");
    try {
      run(sizes, folder, out).write(Result.FOLDER);
    } finally {
      delete(folder);
    }
    System.exit(0);
  }

  static Sizes sizes(String... arguments) {
    Sizes sizes = USUAL;
    for (int i = 0; i < arguments.length; i += 2) {
      String value = i + 1 < arguments.length ? arguments[i + 1] : "";
      if (arguments[i].equals("--seconds")) {
        sizes = sizes.withSeconds(Arguments.seconds(arguments[i], value));
      } else if (arguments[i].equals("--history") && value.matches("[1-9][0-9]{0,3}00000")) {
        sizes = sizes.withHistory(Long.parseLong(value));
      } else {
        throw new IllegalArgumentException(
            "the options must be --history and a multiple of 100000, or --seconds and a number, but"
                + " are "
                + String.join(" ", arguments));
      }
    }
    return sizes;
  }

  /** Measures, with data in a folder. */
  static Result run(Sizes sizes, Path folder, PrintStream out) throws IOException {
    return new GrowthBenchmark(out).run(sizes, folder);
  }

  private Result run(Sizes sizes, Path folder) throws IOException {
    MeasurementGrowth.measure(sizes.measured(), sizes.seconds(), this::add);
    MonitorGrowth.measure(sizes.observed(), sizes.layers(), sizes.seconds(), this::add);
    CollectorGrowth.measure(sizes.runs(), sizes.rounds(), sizes.seconds(), folder, this::add);
    HistoryGrowth.measure(
        sizes.histories(), sizes.rounds(), sizes.seconds(), folder, this::add, out);
    return Result.of(
        GrowthBenchmark.class,
        "Growth",
        ABOUT,
        LocalDate.now(Clock.systemUTC()).toString(),
        Map.of("libtorch", Engine.getInstance().getVersion()),
        List.of(table(), each()),
        goals());
  }

  private void add(Growth growth) {
    growths.add(growth);
    out.println(growth.line());
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : all) {
      Files.delete(file);
    }
  }

  private Table table() {
    Table table = Growth.table();
    growths.forEach(growth -> growth.addTo(table));
    return table;
  }

  private Table each() {
    Table table = new Table("What one more takes", "one more", "of what", "bytes");
    table.add(
        Cell.of("run"),
        Cell.of(CollectorGrowth.HEAP),
        Cell.of(worst(growth -> growth.what().equals(CollectorGrowth.HEAP)).bytesEach()));
    table.add(
        Cell.of("observation"),
        Cell.of(HistoryGrowth.DATABASE),
        Cell.of(worst(growth -> growth.what().equals(HistoryGrowth.DATABASE)).bytesEach()));
    return table;
  }

  private List<Goal> goals() {
    List<Goal> goals = new ArrayList<>();
    growths.stream()
        .map(Growth::quantity)
        .distinct()
        .forEach(
            quantity ->
                goals.add(
                    goal(
                        "exponent of time, memory or disk with growing " + quantity,
                        1,
                        growth -> growth.quantity().equals(quantity))));
    goals.add(
        goal(
            "exponent of a read of one run with growing runs",
            0.1,
            growth -> growth.what().endsWith(CollectorGrowth.READ)));
    return goals;
  }

  private Goal goal(String text, double limit, Predicate<Growth> some) {
    Growth worst = worst(some);
    return Goal.atMost(text, limit, worst.worstExponent(), worst.what());
  }

  /** Of some the one that grows most. */
  private Growth worst(Predicate<Growth> some) {
    return growths.stream()
        .filter(some)
        .filter(growth -> growth.worstExponent().isNumber())
        .max(Comparator.comparingDouble(growth -> growth.worstExponent().number()))
        .orElseThrow();
  }
}
