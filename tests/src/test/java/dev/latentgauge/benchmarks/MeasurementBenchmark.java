package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a measurement costs beside the matrix product of probes and anchors, which nothing can do
 * without, and beside the same formula in PyTorch; forward, and with gradients to the embeddings.
 *
 * <p>The product is that of the same libtorch in the same process. The formula is {@code
 * formula.py}, in a process of the PyTorch that the system has; a test compares the numbers of
 * both. The three take turns. Then what a measurement asks of the engine, and, in a process of its
 * own for each size, how much memory it takes at its peak, and how much more is in use after a
 * hundred others: on a CPU, since a process does not see how much of a GPU's it takes.
 *
 * <p>{@code tests/benchmark.sh MeasurementBenchmark [--seconds SECONDS_A_ROW]}, twelve minutes, or,
 * on a GPU, {@code tests/gpu.sh MeasurementBenchmark}.
 */
public final class MeasurementBenchmark {

  private static final double DEFAULT_SECONDS = 10;
  private static final int[] THREADS = {1, 2};
  private static final MeasurementSize SMALLEST = new MeasurementSize(512, 128, 512);
  private static final List<MeasurementSize> SIZES =
      List.of(
          SMALLEST,
          new MeasurementSize(2048, 256, 768),
          new MeasurementSize(4096, 512, 1024),
          new MeasurementSize(16384, 1024, 1024));

  private static final String ABOUT =
      "A measurement makes cosines, profiles (`standardised`, the default), the score and its"
          + " standard error of random embeddings in float32,\nas the agent does. The product is the"
          + " bare one of n x d probes and k x d anchors, by the same libtorch. PyTorch is the same"
          + " formula and\nsearch as one writes them there (`tests/src/test/python/formula.py`), in"
          + " the version that the system has, with its own library for the\nproduct; a test compares"
          + " its numbers. With gradients to probes and anchors the product is one too, with that of"
          + " the sum of its entries.\n\nWhat is asked of the engine are the calls of libtorch that are"
          + " no part of others; arrays that the host reads, for each of which a GPU has to\nfinish"
          + " all before; arrays made of numbers of the host; and operations that are known to make"
          + " libtorch itself wait for a GPU. On a CPU\nmore is read than on a GPU, see"
          + " `Scratch.isKnown`.";

  private static final String ABOUT_MEMORY =
      "\n\nThe memory is that of a process of its own with one thread: by how much its resident set is"
          + " larger at the peak of a measurement (`VmHWM`\nof Linux, after `clear_refs`) than before,"
          + " when what was freed has been given back (`malloc_trim`; every array has pages of its own,"
          + "\n`MALLOC_MMAP_THRESHOLD_`); the median of eleven.";

  private final double seconds;
  private final PrintStream out;
  private final List<Row> rows = new ArrayList<>();
  private final List<MeasurementMemory> memories = new ArrayList<>();
  private final Table calls =
      new Table(
          "What is asked of the engine",
          "n x k x d",
          "what",
          "operations",
          "arrays read by the host",
          "arrays of the host's numbers",
          "hidden waits");

  private record Row(
      MeasurementSize size,
      int threads,
      boolean isBackward,
      List<Double> product,
      List<Double> measurement,
      List<Double> torch,
      List<Double> torchProduct) {

    String where() {
      return size + ", " + threads + (threads == 1 ? " thread" : " threads");
    }

    Cell timesProduct() {
      return Cell.ofRounds(Turns.ratios(measurement, product));
    }

    Cell timesTorch() {
      return Cell.ofRounds(Turns.ratios(measurement, torch));
    }
  }

  private MeasurementBenchmark(double seconds, PrintStream out) {
    this.seconds = seconds;
    this.out = out;
  }

  /**
   * Measures, and writes the result to {@code tests/benchmarks}.
   *
   * @param arguments none, or {@code --seconds} and a number above 0
   * @throws IllegalArgumentException if they are others
   * @throws IOException if there is no PyTorch, or the result cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    double seconds = Arguments.seconds(arguments, DEFAULT_SECONDS);
    int[] threads = Machine.isGpuUsed() ? new int[] {1} : THREADS;
    run(SIZES, threads, seconds, out).write(Result.FOLDER);
  }

  /** Measures. */
  static Result run(List<MeasurementSize> sizes, int[] threads, double seconds, PrintStream out)
      throws IOException {
    return new MeasurementBenchmark(seconds, out).run(sizes, threads);
  }

  private Result run(List<MeasurementSize> sizes, int[] threads) throws IOException {
    Engine libtorch = Engine.getInstance();
    String torch = "";
    String device = Machine.isGpuUsed() ? "cuda" : "cpu";
    for (int number : threads) {
      JniUtils.setNumThreads(number);
      try (TorchFormula formula = new TorchFormula(number, device)) {
        torch = formula.version();
        for (MeasurementSize size : sizes) {
          try (MeasurementArms arms = new MeasurementArms(size, true)) {
            add(size, number, false, arms::product, arms::measurement, formula);
            add(size, number, true, arms::productAndBack, arms::scoreAndBack, formula);
          }
        }
      }
    }
    for (MeasurementSize size : sizes) {
      try (MeasurementArms arms = new MeasurementArms(size, false)) {
        count(size, "the product", arms::product);
        count(size, "a measurement", arms::measurement);
        count(size, "a score, with gradients", arms::scoreAndBack);
      }
      if (!Machine.isGpuUsed()) {
        memories.add(MeasurementMemory.of(size));
      }
    }
    return result(libtorch.getVersion(), torch);
  }

  private void add(
      MeasurementSize size,
      int threads,
      boolean isBackward,
      Runnable product,
      Runnable measurement,
      TorchFormula formula)
      throws IOException {
    List<List<Double>> seen =
        Turns.take(
            List.of(
                Turns.here(product),
                Turns.here(measurement),
                formula.arm(size, isBackward ? "backward" : "forward"),
                formula.arm(size, "product")),
            seconds);
    Row row =
        new Row(size, threads, isBackward, seen.get(0), seen.get(1), seen.get(2), seen.get(3));
    rows.add(row);
    out.println(
        row.where()
            + (isBackward ? ", with gradients" : "")
            + ": "
            + row.timesProduct().markdown()
            + " times the product, "
            + row.timesTorch().markdown()
            + " times PyTorch");
  }

  private void count(MeasurementSize size, String what, Runnable work) throws IOException {
    EngineCalls asked = EngineCalls.of(work);
    calls.add(
        Cell.of(size.toString()),
        Cell.of(what),
        Cell.ofCount(asked.operations()),
        Cell.ofCount(asked.reads()),
        Cell.ofCount(asked.writes()),
        Cell.ofCount(asked.hidden()));
  }

  private Result result(String libtorch, String torch) {
    return Result.of(
        MeasurementBenchmark.class,
        "Measurement",
        memories.isEmpty() ? ABOUT : ABOUT + ABOUT_MEMORY,
        LocalDate.now(Clock.systemUTC()).toString(),
        Map.of("libtorch", libtorch, "PyTorch", torch),
        tables(),
        goals());
  }

  private List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    tables.add(times("A measurement", false));
    tables.add(times("A score, with gradients", true));
    tables.add(calls);
    if (!memories.isEmpty()) {
      tables.add(memory());
    }
    return tables;
  }

  private Table times(String title, boolean isBackward) {
    Table table =
        new Table(
            title,
            "n x k x d",
            "threads",
            "product, ms",
            "it, ms",
            "PyTorch, ms",
            "PyTorch's product forward, ms",
            "it ÷ product",
            "it ÷ PyTorch");
    for (Row row : rows) {
      if (row.isBackward == isBackward) {
        table.add(
            Cell.of(row.size.toString()),
            Cell.ofCount(row.threads),
            millis(row.product),
            millis(row.measurement),
            millis(row.torch),
            millis(row.torchProduct),
            row.timesProduct(),
            row.timesTorch());
      }
    }
    return table;
  }

  private static Cell millis(List<Double> rounds) {
    return Cell.of(Quantiles.median(rounds) * 1e3);
  }

  private Table memory() {
    Table table =
        new Table(
            "Memory of a measurement",
            "n x k x d",
            "peak, MiB",
            "peak, times n·k floats",
            "more after 100 others, MiB");
    for (MeasurementMemory memory : memories) {
      table.add(
          Cell.of(memory.size().toString()),
          Cell.of(memory.peakBytes() / (double) (1 << 20)),
          Cell.of(memory.timesCosines()),
          Cell.of(memory.growthBytes() / (double) (1 << 20)));
    }
    return table;
  }

  private List<Goal> goals() {
    List<Goal> goals = new ArrayList<>();
    Comparator<Row> byProduct = Comparator.comparingDouble(row -> row.timesProduct().number());
    Comparator<Row> byTorch = Comparator.comparingDouble(row -> row.timesTorch().number());
    worst(true, false, byProduct)
        .ifPresent(
            row ->
                goals.add(
                    Goal.atMost(
                        "a measurement ÷ the product, at the smallest size",
                        1.5,
                        row.timesProduct(),
                        row.where())));
    worst(false, false, byProduct)
        .ifPresent(
            row ->
                goals.add(
                    Goal.atMost(
                        "a measurement ÷ the product, at larger sizes",
                        1.25,
                        row.timesProduct(),
                        row.where())));
    for (boolean isBackward : new boolean[] {false, true}) {
      rows.stream()
          .filter(row -> row.isBackward == isBackward)
          .max(byTorch)
          .ifPresent(
              row ->
                  goals.add(
                      Goal.atMost(
                          isBackward
                              ? "a score with gradients ÷ the same in PyTorch"
                              : "a measurement ÷ the same in PyTorch",
                          1,
                          row.timesTorch(),
                          row.where())));
    }
    memories.stream()
        .max(Comparator.comparingDouble(MeasurementMemory::timesCosines))
        .ifPresent(
            memory ->
                goals.add(
                    Goal.atMost(
                        "peak memory of a measurement, times n·k floats",
                        3,
                        Cell.of(memory.timesCosines()),
                        memory.size().toString())));
    return goals;
  }

  private Optional<Row> worst(boolean isSmallest, boolean isBackward, Comparator<Row> order) {
    return rows.stream()
        .filter(row -> row.isBackward == isBackward)
        .filter(row -> row.size.equals(SMALLEST) == isSmallest)
        .max(order);
  }
}
