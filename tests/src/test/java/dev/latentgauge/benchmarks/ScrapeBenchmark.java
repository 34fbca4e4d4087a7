package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latentgauge.benchmarks.Scrapes.Form;
import dev.latentgauge.benchmarks.Scrapes.Format;
import dev.latentgauge.collector.Collector;
import dev.latentgauge.collector.CollectorOptions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What a scrape of many live runs costs in each format: time, processor time, and memory; and how
 * much heap each run keeps between scrapes.
 *
 * <p>A program of its own, as it wants the heap for itself: the collector runs in it with SQLite,
 * and is told of more and more runs.
 *
 * <p>{@code tests/benchmark.sh ScrapeBenchmark [--seconds SECONDS_A_SIZE]}; four minutes.
 */
public final class ScrapeBenchmark {

  private static final double DEFAULT_SECONDS = 10;
  private static final int LAYERS = 5;
  private static final Set<Integer> RUNS = Set.of(100, 1_000, 10_000);

  /** How many series a scrape has whose time is a goal. */
  private static final int SERIES = 50_000;

  private static final int AT_ONCE = 10;
  private static final double MEGABYTE = 1e6;

  private static final String ABOUT =
      "The collector runs in the process that scrapes it, with SQLite. Each run has five"
          + " layers and all that an agent reports beside a\nreference without a calibration. A"
          + " Prometheus asks for OpenMetrics with gzip, or for protobuf where it takes native"
          + " histograms. The\nforms take turns in each round; those at once share what they can,"
          + " and end when the last has its answer. Processor time is that of\nall threads, the"
          + " garbage collector's and the readers' included, who throw away what comes. Allocated"
          + " is what all Java threads have\nallocated on the heap, as the virtual machine counts"
          + " it for each. The heap at its peak is that of one scrape after a collection,\nbeyond"
          + " what was in use before; garbage is in it, and it comes in regions of megabytes. What"
          + " runs keep is the heap in use after so\nmany collections that one more frees nothing."
          + " The goal of time is one of this machine, not a ratio.";

  private final URI collector;
  private final Executor readers;
  private final double seconds;
  private final PrintStream out;
  private final List<Row> rows = new ArrayList<>();
  private final List<Kept> kept = new ArrayList<>();
  private int filled;

  /** What scrapes of one form cost. */
  private record Row(
      int runs,
      long series,
      Form form,
      long bytes,
      List<Double> seconds,
      Scrapes.Used used,
      long peakBytes) {

    Cell millis() {
      return Cell.ofRounds(seconds.stream().map(each -> each * 1e3).toList());
    }

    String where() {
      return String.format(Locale.ROOT, "%s, %,d runs, %,d series", form, runs, series);
    }
  }

  /** The heap in use with so many runs. */
  private record Kept(int runs, long bytes) {
    double bytesEach(Kept before) {
      return (bytes - before.bytes) / (double) ((runs - before.runs) * LAYERS);
    }

    String where(Kept before) {
      return String.format(Locale.ROOT, "from %,d to %,d runs", before.runs, runs);
    }
  }

  private ScrapeBenchmark(URI collector, Executor readers, double seconds, PrintStream out) {
    this.collector = collector;
    this.readers = readers;
    this.seconds = seconds;
    this.out = out;
  }

  /**
   * Measures, and writes the result to {@code tests/benchmarks}.
   *
   * @param arguments none, or {@code --seconds} and a number above 0
   * @throws IllegalArgumentException if they are others
   * @throws IOException if the collector cannot be started or asked, or the result not be written
   */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    double seconds = Arguments.seconds(arguments, DEFAULT_SECONDS);
    Path data = Files.createTempDirectory("scrape-benchmark");
    run(RUNS, SERIES, seconds, data, out).write(Result.FOLDER);
    System.exit(0);
  }

  /**
   * Measures.
   *
   * @param runs how many, several times
   * @param series how many are to be scraped in time
   */
  static Result run(Set<Integer> runs, int series, double seconds, Path data, PrintStream out)
      throws IOException {
    ExecutorService readers = Executors.newFixedThreadPool(AT_ONCE);
    try (Collector collector =
        Collector.start(CollectorOptions.builder().port(0).data(data).build())) {
      return new ScrapeBenchmark(collector.address(), readers, seconds, out)
          .run(new TreeSet<>(runs), series);
    } finally {
      readers.shutdownNow();
    }
  }

  private Result run(SortedSet<Integer> sizes, int series) throws IOException {
    SortedSet<Integer> all = new TreeSet<>(sizes);
    all.add(runsOf(series, sizes.first()));
    for (int runs : all) {
      fill(runs);
      kept.add(new Kept(runs, Heap.kept()));
      measure();
    }
    return result(series);
  }

  /**
   * How many runs have so many series, beside those of the collector, as the first of them tell.
   */
  private int runsOf(int series, int first) throws IOException {
    long own = Scrapes.series(collector);
    fill(first);
    double each = (Scrapes.series(collector) - own) / (double) first;
    return Math.max(first, (int) Math.ceil(series / each));
  }

  private void fill(int runs) {
    LiveRuns.report(collector, filled, runs, LAYERS);
    filled = runs;
  }

  private void measure() throws IOException {
    long series = Scrapes.series(collector);
    List<Scrapes> forms = forms();
    List<List<Double>> rounds = Turns.take(List.copyOf(forms), seconds);
    for (int i = 0; i < forms.size(); i++) {
      Scrapes scrapes = forms.get(i);
      Row row =
          new Row(
              filled,
              series,
              scrapes.form(),
              scrapes.bytes(),
              rounds.get(i),
              scrapes.used(rounds.get(i).size()),
              Heap.peakOf(scrapes::once));
      rows.add(row);
      out.println(row.where() + ": " + row.millis().markdown() + " ms");
    }
  }

  private List<Scrapes> forms() {
    List<Scrapes> forms = new ArrayList<>();
    for (boolean gzip : new boolean[] {false, true}) {
      for (Format format : Format.values()) {
        forms.add(new Scrapes(collector, new Form(format, gzip, 1), readers));
      }
    }
    forms.add(new Scrapes(collector, new Form(Format.OPEN_METRICS, true, AT_ONCE), readers));
    return forms;
  }

  private Result result(int series) {
    return Result.of(
        ScrapeBenchmark.class,
        "Scrape",
        ABOUT,
        LocalDate.now(Clock.systemUTC()).toString(),
        Map.of(),
        List.of(costs(), keeps()),
        List.of(inTime(series), small()));
  }

  private Table costs() {
    Table table =
        new Table(
            "A scrape",
            "runs",
            "series",
            "answer",
            "MB",
            "ms",
            "processor, ms",
            "allocated, MB",
            "heap at its peak, MB");
    for (Row row : rows) {
      table.add(
          Cell.ofCount(row.runs),
          Cell.ofCount(row.series),
          Cell.of(row.form.toString()),
          Cell.of(row.bytes / MEGABYTE),
          row.millis(),
          Cell.of(row.used.processorMillis()),
          Cell.of(row.used.allocatedBytes() / MEGABYTE),
          Cell.of(row.peakBytes / MEGABYTE));
    }
    return table;
  }

  private Table keeps() {
    Table table =
        new Table(
            "The heap that runs keep",
            "runs before",
            "runs after",
            "in use before, MB",
            "in use after, MB",
            "a run and layer, bytes");
    for (int i = 1; i < kept.size(); i++) {
      Kept before = kept.get(i - 1);
      Kept after = kept.get(i);
      table.add(
          Cell.ofCount(before.runs),
          Cell.ofCount(after.runs),
          Cell.of(before.bytes / MEGABYTE),
          Cell.of(after.bytes / MEGABYTE),
          Cell.of(after.bytesEach(before)));
    }
    return table;
  }

  /** In the slowest form, with the fewest runs that have so many series. */
  private Goal inTime(int series) {
    int runs =
        rows.stream()
            .filter(row -> row.series >= series)
            .mapToInt(Row::runs)
            .min()
            .orElseThrow(() -> new IllegalStateException("there are not " + series + " series"));
    Row slowest =
        rows.stream()
            .filter(row -> row.runs == runs && row.form.atOnce() == 1)
            .max(Comparator.comparingDouble(row -> row.millis().number()))
            .orElseThrow();
    return Goal.atMost(
        String.format(Locale.ROOT, "%,d series scraped, ms", series),
        150,
        slowest.millis(),
        slowest.where());
  }

  /** Where the most runs came at once. */
  private Goal small() {
    Kept before = kept.get(kept.size() - 2);
    Kept after = kept.get(kept.size() - 1);
    return Goal.atMost(
        "heap that a run and layer keeps, bytes",
        4096,
        Cell.of(after.bytesEach(before)),
        after.where(before));
  }
}
