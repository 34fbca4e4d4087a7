package dev.latentgauge.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * How starts, reads and reports of a collector, and its database, grow with the observations that
 * it has: a hundred live runs, with ever longer histories.
 *
 * <p>Reports come last, as they make the histories longer; a thousand at a time, that is of no
 * weight but in the smallest.
 */
final class HistoryGrowth {

  /** What the growth of the database is called. */
  static final String DATABASE = "size of the database";

  private static final String OBSERVATIONS = "observations";
  private static final int RUNS = 100;
  private static final int READ_RUNS = 10;
  private static final int PAGE = 100;

  private final List<Long> sizes;
  private final double seconds;
  private final Consumer<Growth> seen;
  private final List<FilledCollector> collectors = new ArrayList<>();

  private HistoryGrowth(List<Long> sizes, double seconds, Consumer<Growth> seen) {
    this.sizes = sizes;
    this.seconds = seconds;
    this.seen = seen;
  }

  /**
   * Measures.
   *
   * @param sizes how many observations, multiples of 100
   * @param rounds how often to report; it is started half as often
   * @param seconds for how long to time reads, see {@link Turns#take}
   * @param folder for data, half a kilobyte an observation
   * @param seen is told of what was seen
   * @param out is told how long it takes to fill the histories
   */
  static void measure(
      List<Long> sizes,
      int rounds,
      double seconds,
      Path folder,
      Consumer<Growth> seen,
      PrintStream out)
      throws IOException {
    HistoryGrowth growth = new HistoryGrowth(sizes, seconds, seen);
    try {
      growth.fill(folder, out);
      growth.once("a start", (rounds + 1) / 2, collector -> repetitions -> start(collector));
      for (FilledCollector collector : growth.collectors) {
        collector.start();
      }
      growth.read("first", collector -> collector.readFirst(READ_RUNS, PAGE));
      growth.read("last", collector -> collector.readLast(READ_RUNS, PAGE));
      growth.once(
          "a report of a thousand",
          rounds,
          collector -> Turns.here(() -> collector.report(FilledCollector.BATCH)));
    } finally {
      growth.collectors.forEach(FilledCollector::close);
    }
  }

  private void fill(Path folder, PrintStream out) throws IOException {
    List<Long> database = new ArrayList<>();
    for (long size : sizes) {
      FilledCollector collector = new FilledCollector(folder.resolve("history-" + size), RUNS);
      collectors.add(collector);
      collector.start();
      long begin = System.nanoTime();
      collector.fill(RUNS, (int) (size / RUNS));
      double took = (System.nanoTime() - begin) / 1e9;
      collector.close();
      database.add(collector.databaseBytes());
      out.println(String.format(Locale.ROOT, "%,d observations took %.0f s", size, took));
    }
    seen.accept(Growth.ofBytes(OBSERVATIONS, DATABASE, sizes, database));
  }

  private static double start(FilledCollector collector) throws IOException {
    long begin = System.nanoTime();
    collector.start();
    double took = (System.nanoTime() - begin) / 1e9;
    collector.close();
    return took;
  }

  private void once(String what, int rounds, Function<FilledCollector, Turns.Arm> arm)
      throws IOException {
    add(what, Turns.takeOnce(collectors.stream().map(arm).toList(), rounds));
  }

  private void read(String which, Consumer<FilledCollector> work) throws IOException {
    List<Turns.Arm> arms =
        collectors.stream().map(collector -> Turns.here(() -> work.accept(collector))).toList();
    add("a read of the " + which + " hundred of one run", Turns.take(arms, seconds));
  }

  private void add(String what, List<List<Double>> taken) {
    seen.accept(Growth.ofTimes(OBSERVATIONS, what, sizes, taken));
  }
}
