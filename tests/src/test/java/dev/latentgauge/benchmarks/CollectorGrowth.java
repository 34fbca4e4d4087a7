package dev.latentgauge.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * How a collector, with reports to it, reads of one run, and scrapes, grows with the number of its
 * live runs.
 *
 * <p>Those runs that are read have a thousand observations each, the others ten. Processor time is
 * that of this process: of the collector, of the client, and of garbage collection.
 */
final class CollectorGrowth {

  /** What grows in the heap is called. */
  static final String HEAP = "heap of a collector";

  /** What reads are called. */
  static final String READ = "a read of the thousand observations of one run";

  private static final int READ_RUNS = 10;
  private static final int LENGTH_OF_OTHERS = 10;

  /** Processor time is told in steps of a fiftieth of this, or less. */
  private static final double BLOCK_SECONDS = 0.5;

  private final List<Long> sizes;
  private final int rounds;
  private final double seconds;
  private final Consumer<Growth> seen;
  private final List<FilledCollector> collectors = new ArrayList<>();

  private CollectorGrowth(List<Long> sizes, int rounds, double seconds, Consumer<Growth> seen) {
    this.sizes = sizes;
    this.rounds = rounds;
    this.seconds = seconds;
    this.seen = seen;
  }

  /**
   * Measures.
   *
   * @param sizes how many runs, ten at least
   * @param rounds how often to take processor times
   * @param seconds for how long to time each, see {@link Turns#take}
   * @param folder for data
   * @param seen is told of what was seen
   */
  static void measure(
      List<Long> sizes, int rounds, double seconds, Path folder, Consumer<Growth> seen)
      throws IOException {
    CollectorGrowth growth = new CollectorGrowth(sizes, rounds, seconds, seen);
    try {
      growth.fill(folder);
      growth.time(READ, collector -> collector.readFirst(READ_RUNS, FilledCollector.BATCH));
      growth.time("a report of one observation", collector -> collector.report(1));
      growth.time("a scrape", FilledCollector::scrape);
    } finally {
      growth.collectors.forEach(FilledCollector::close);
    }
  }

  /** One more comes first, so that what the first of a process takes counts for none. */
  private void fill(Path folder) throws IOException {
    filled(folder.resolve("first"), sizes.get(0)).close();
    List<Long> heap = new ArrayList<>();
    for (long runs : sizes) {
      long before = Heap.kept();
      collectors.add(filled(folder.resolve("runs-" + runs), runs));
      heap.add(Heap.kept() - before);
    }
    seen.accept(Growth.ofBytes("runs", HEAP, sizes, heap));
  }

  private static FilledCollector filled(Path data, long runs) throws IOException {
    FilledCollector collector = new FilledCollector(data, (int) runs);
    collector.start();
    collector.fill((int) runs, LENGTH_OF_OTHERS);
    collector.fill(READ_RUNS, FilledCollector.BATCH - LENGTH_OF_OTHERS);
    return collector;
  }

  private void time(String what, Consumer<FilledCollector> work) throws IOException {
    List<Runnable> all =
        collectors.stream().<Runnable>map(collector -> () -> work.accept(collector)).toList();
    seen.accept(
        Growth.ofTimes(
            "runs", what, sizes, Turns.take(all.stream().map(Turns::here).toList(), seconds)));
    seen.accept(
        Growth.ofTimes(
            "runs",
            "processor time of " + what,
            sizes,
            Turns.takeOnce(all.stream().map(CollectorGrowth::processor).toList(), rounds)));
  }

  /** The mean of as many as fill a block of time, and take processor time that can be told. */
  private static Turns.Arm processor(Runnable work) {
    return repetitions -> {
      long begin = System.nanoTime();
      long before = ProcessUse.now().processorNanos();
      long times = 0;
      long taken;
      do {
        work.run();
        times++;
        taken = ProcessUse.now().processorNanos() - before;
      } while (taken == 0 || System.nanoTime() - begin < BLOCK_SECONDS * 1e9);
      return taken / 1e9 / (double) times;
    };
  }
}
