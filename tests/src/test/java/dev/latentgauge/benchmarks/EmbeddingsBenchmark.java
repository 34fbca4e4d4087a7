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

/**
 * How many bytes of embeddings a second the collector takes from another program's socket to the
 * answered score, beside what nothing can do without: to copy them from a socket into arrays, and
 * to multiply probes by anchors.
 *
 * <p>{@code tests/benchmark.sh EmbeddingsBenchmark [--seconds SECONDS_A_SIZE]}; three minutes.
 */
public final class EmbeddingsBenchmark {

  private static final double DEFAULT_SECONDS = 20;
  private static final List<MeasurementSize> SIZES =
      List.of(
          new MeasurementSize(512, 128, 512),
          new MeasurementSize(2048, 256, 768),
          new MeasurementSize(4096, 512, 1024),
          new MeasurementSize(16384, 1024, 1024));

  private static final String ABOUT =
      "The collector runs as users start it, with SQLite. One client sends a safetensors file of"
          + " random embeddings in float32 over one\nconnection on the loopback interface, as those"
          + " of another step each time, and waits for the score, which is stored by then. Beside"
          + " it\nthe same bytes are sent to a thread that reads them straight into two arrays of"
          + " libtorch and answers an entry of the bare product of\nprobes and anchors"
          + " (`CopyAndProduct`): no protocol, no checks, no fresh memory. A repetition is the same"
          + " file for the same step: it is\nreceived, hashed and found in the history, and not"
          + " scored again. The three take turns. The engines have `OMP_NUM_THREADS` threads,\n1"
          + " unless set.";

  private final double seconds;
  private final PrintStream out;
  private final List<Row> rows = new ArrayList<>();

  /** How many seconds a file took, in each round. */
  private record Row(
      MeasurementSize size,
      int bytes,
      List<Double> score,
      List<Double> repetition,
      List<Double> limit) {

    Cell megabytesPerSecond(List<Double> taken) {
      return Cell.ofRounds(taken.stream().map(one -> bytes / one / 1e6).toList());
    }

    Cell timesLimit() {
      return Cell.ofRounds(Turns.ratios(limit, score));
    }
  }

  private EmbeddingsBenchmark(double seconds, PrintStream out) {
    this.seconds = seconds;
    this.out = out;
  }

  /**
   * Measures, and writes the result to {@code tests/benchmarks}.
   *
   * @param arguments none, or {@code --seconds} and a number above 0
   * @throws IllegalArgumentException if they are others
   * @throws IOException if the collector cannot be started, or the result not be written
   */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    double seconds = Arguments.seconds(arguments, DEFAULT_SECONDS);
    run(SIZES, seconds, out).write(Result.FOLDER);
  }

  /** Measures. */
  static Result run(List<MeasurementSize> sizes, double seconds, PrintStream out)
      throws IOException {
    return new EmbeddingsBenchmark(seconds, out).run(sizes);
  }

  private Result run(List<MeasurementSize> sizes) throws IOException {
    Path folder = Files.createTempDirectory("benchmark");
    try (Servers servers = new Servers(folder)) {
      Servers.Server collector =
          servers.collector("SQLite", "--data", folder.resolve("data").toString());
      for (MeasurementSize size : sizes) {
        try (EmbeddingsArms arms = new EmbeddingsArms(size, collector.address())) {
          measure(size, arms);
        }
      }
    }
    return result();
  }

  private void measure(MeasurementSize size, EmbeddingsArms arms) throws IOException {
    List<List<Double>> seen =
        Turns.take(
            List.of(
                Turns.here(arms::score),
                Turns.here(arms::repeat),
                Turns.here(arms::copyAndMultiply)),
            seconds);
    Row row = new Row(size, arms.bytes(), seen.get(0), seen.get(1), seen.get(2));
    rows.add(row);
    out.println(
        size
            + ": "
            + row.megabytesPerSecond(row.score).markdown()
            + " megabytes a second, "
            + row.timesLimit().markdown()
            + " times copying and product alone");
  }

  private Result result() {
    return Result.of(
        EmbeddingsBenchmark.class,
        "Embeddings from other languages",
        ABOUT,
        LocalDate.now(Clock.systemUTC()).toString(),
        Map.of("libtorch", Engine.getInstance().getVersion()),
        List.of(table()),
        goals());
  }

  private Table table() {
    Table table =
        new Table(
            "From socket to score",
            "n x k x d",
            "megabytes",
            "socket to score, MB/s",
            "copying and product, MB/s",
            "÷ copying and product",
            "socket to score, ms",
            "a repetition, ms",
            "copying and product, ms");
    for (Row row : rows) {
      table.add(
          Cell.of(row.size.toString()),
          Cell.of(row.bytes / 1e6),
          row.megabytesPerSecond(row.score),
          row.megabytesPerSecond(row.limit),
          row.timesLimit(),
          millis(row.score),
          millis(row.repetition),
          millis(row.limit));
    }
    return table;
  }

  private static Cell millis(List<Double> rounds) {
    return Cell.of(Quantiles.median(rounds) * 1e3);
  }

  private List<Goal> goals() {
    return rows.stream()
        .min(Comparator.comparingDouble(row -> row.timesLimit().number()))
        .map(
            worst ->
                Goal.atLeast(
                    "megabytes a second, socket to score ÷ copying and product alone",
                    0.5,
                    worst.timesLimit(),
                    worst.size.toString()))
        .stream()
        .toList();
  }
}
