package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What a monitor costs the training that it is attached to: whether it keeps its budget, whether
 * what it says of itself is so, and what it costs in steps that it does not measure.
 *
 * <p>The columns: the ratio of times has an interval of 95 %; {@code waited} is the share of its
 * time that the training waited for the monitor, timed from outside, and contains, unlike what the
 * monitor says itself, the delivery of the last reports; observations are those on the way and the
 * one at the end, which is made even where the budget has no room for it; the first on the way fits
 * after twice its cost by the budget; the last column is the time in the monitor at a step that it
 * does not measure.
 *
 * <p>A program of its own, since two trainings must take turns; it prints a table in Markdown. A
 * row takes the time that it is given, or, under a small budget, as long as it takes until the
 * first observation fits, which may be ten minutes; all together three quarters of an hour. It
 * wants a core for itself:
 *
 * <p>{@code tests/benchmark.sh OverheadBenchmark [--seconds SECONDS_A_ROW]}
 */
public final class OverheadBenchmark {

  private static final double DEFAULT_SECONDS = 60;
  private static final int[] PROBES = {128, 512, 2048, 4096};
  private static final double[] BUDGETS = {0.01, 0.001};
  private static final int PROBES_OF_NEVER = 512;

  private final double seconds;
  private final PrintStream out;

  /**
   * A benchmark.
   *
   * @param seconds a row, above 0
   * @param out where the table goes
   */
  OverheadBenchmark(double seconds, PrintStream out) {
    this.seconds = seconds;
    this.out = out;
  }

  /**
   * Prints the table.
   *
   * @param arguments none, or {@code --seconds} and a number above 0
   * @throws IllegalArgumentException if they are others
   */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    new OverheadBenchmark(seconds(arguments), out).print(rows());
  }

  static double seconds(String... arguments) {
    if (arguments.length == 0) {
      return DEFAULT_SECONDS;
    }
    String given = String.join(" ", arguments);
    if (!given.matches("--seconds [0-9]{0,6}\\.?[0-9]{1,6}")) {
      throw new IllegalArgumentException(
          "the options must be none or --seconds N, but are " + given);
    }
    double seconds = Double.parseDouble(arguments[1]);
    if (seconds <= 0) {
      throw new IllegalArgumentException("--seconds must be above 0, but is " + seconds);
    }
    return seconds;
  }

  private static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (ModelSize size : ModelSize.values()) {
      for (int probes : PROBES) {
        for (double budget : BUDGETS) {
          rows.add(new Row(size, probes, OptionalDouble.of(budget)));
        }
      }
      rows.add(new Row(size, PROBES_OF_NEVER, OptionalDouble.empty()));
    }
    return rows;
  }

  /** Trains for every row, and prints it as soon as it is measured. */
  void print(List<Row> rows) {
    for (ModelSize size : ModelSize.values()) {
      out.println("* " + name(size) + ": perceptron " + size.title());
    }
    out.println();
    out.println(
        "| model | probes | budget | steps/s without | time with ÷ without | waited | it says"
            + " | observations | ms each | first fits after | a step without |");
    out.println("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for (Row row : rows) {
      out.println(line(row, new Interleaving(row.size(), row.probes(), row.budget()).run(seconds)));
      out.flush();
    }
  }

  private static String line(Row row, Overhead overhead) {
    boolean observes = row.budget().isPresent();
    List<String> cells =
        List.of(
            name(row.size()),
            String.valueOf(row.probes()),
            observes ? text("%s %%", row.budget().getAsDouble() * 100) : "never",
            text("%.1f", overhead.stepsPerSecond()),
            observes
                ? ratio(overhead.ratio(), overhead.interval())
                : ratio(
                    overhead.ratioBetweenObservations(), overhead.intervalBetweenObservations()),
            observes ? percent(overhead.waitedRatio()) : "-",
            observes ? percent(overhead.reportedRatio().orElseThrow()) : "-",
            overhead.observationsOnTheWay() + " + 1",
            text("%.1f", overhead.millisPerObservation()),
            observes
                ? text(
                    "%.0f s",
                    2 * overhead.millisPerObservation() / 1e3 / row.budget().getAsDouble())
                : "-",
            text("%.1f µs", overhead.nanosBetweenObservations() / 1e3));
    return "| " + String.join(" | ", cells) + " |";
  }

  private static String name(ModelSize size) {
    return size.name().toLowerCase(Locale.ROOT);
  }

  private static String ratio(double ratio, Quantiles.Interval interval) {
    return text("%.4f (%.4f to %.4f)", ratio, interval.low(), interval.high());
  }

  private static String percent(double share) {
    return text("%.3f %%", share * 100);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /**
   * What is measured for a row of the table.
   *
   * @param probes how many
   * @param budget a share above 0 and at most 1; none for a monitor that never measures on the way
   */
  record Row(ModelSize size, int probes, OptionalDouble budget) {}
}
