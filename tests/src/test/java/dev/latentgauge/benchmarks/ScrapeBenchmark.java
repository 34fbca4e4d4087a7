package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.OperatingSystemMXBean;
import dev.latentgauge.collector.Collector;
import dev.latentgauge.collector.CollectorOptions;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.Wire;
import dev.latentgauge.relative.Companions;
import dev.latentgauge.relative.Score;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * What a scrape of many live runs costs: bytes, the median of seconds, the mean of the seconds of
 * processor time, the reader's and the garbage collector's included, and by how much the heap of
 * the process was larger at its peak than before, garbage included.
 *
 * <p>A program of its own, as it wants the heap for itself; it prints a table in Markdown:
 *
 * <p>{@code tests/benchmark.sh ScrapeBenchmark [RUNS LAYERS TIMES]}
 */
public final class ScrapeBenchmark {

  private static final String PROTOBUF =
      "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
  private static final String OPEN_METRICS = "application/openmetrics-text;version=1.0.0";

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI metrics;
  private final int times;
  private final LongSupplier nanos;
  private final PrintStream out;

  private ScrapeBenchmark(URI collector, int times, LongSupplier nanos, PrintStream out) {
    this.metrics = collector.resolve("/metrics");
    this.times = times;
    this.nanos = nanos;
    this.out = out;
  }

  /**
   * Prints the table.
   *
   * @param arguments none, or how many runs, layers, and times to measure
   * @throws IOException if the collector cannot be started or asked
   * @throws InterruptedException if it is interrupted
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    int[] numbers = numbers(arguments, 10_000, 5, 5);
    Path data = Files.createTempDirectory("scrape-benchmark");
    run(numbers[0], numbers[1], numbers[2], data, System::nanoTime, out);
    System.exit(0);
  }

  /** The numbers of a command line, or those that are meant if there are none. */
  static int[] numbers(String[] arguments, int... defaults) {
    return arguments.length == 0
        ? defaults
        : Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
  }

  /** Starts a collector, fills it, and measures. */
  static void run(int runs, int layers, int times, Path data, LongSupplier nanos, PrintStream out)
      throws IOException, InterruptedException {
    try (Collector collector =
        Collector.start(CollectorOptions.builder().port(0).data(data).build())) {
      ScrapeBenchmark benchmark = new ScrapeBenchmark(collector.address(), times, nanos, out);
      fill(collector.address(), runs, layers);
      benchmark.print();
    }
  }

  /** Reports an observation of each layer of each run. */
  static void fill(URI collector, int runs, int layers) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    String report =
        Wire.write(IntStream.range(0, layers).mapToObj(layer -> observed(layer)).toList());
    for (int i = 0; i < runs; i++) {
      HttpRequest request =
          HttpRequest.newBuilder(collector.resolve("/v1/runs/lr-0.01-seed-" + i + "/observations"))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(report))
              .build();
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException("the status must be 200, but is: " + answer.body());
      }
    }
  }

  /** All that the agent measures. */
  private static Observation observed(int layer) {
    return Observation.builder(
            new Observation.Key(1, "encoder.blocks." + layer, "cnn-v1@0123456789ab", 1234),
            Instant.parse("2026-05-06T07:08:09.125Z"),
            "standardised",
            new Score(0.7512345678, 0.50123456, 0.512345678, 0.0101234567, 512, 128))
        .epoch(1.25)
        .scoreFloor(OptionalDouble.of(0.1123456789))
        .scoreCeiling(OptionalDouble.of(0.7654321098))
        .gaugedScore(OptionalDouble.of(0.612476359))
        .probeSeconds(OptionalDouble.of(0.0123456))
        .overheadRatio(OptionalDouble.of(0.00912345))
        .overheadBudgetRatio(OptionalDouble.of(0.01))
        .companions(
            new Companions(
                OptionalDouble.of(0.71234567),
                OptionalDouble.of(17.1234567),
                OptionalDouble.of(0.41234567),
                OptionalDouble.empty()))
        .evaluations(Map.of("train_loss", 0.51234567, "validate_Accuracy", 0.87654321))
        .build();
  }

  private void print() throws IOException, InterruptedException {
    out.println("| answer | MB | s | CPU s | heap MB |");
    out.println("|---|---:|---:|---:|---:|");
    for (boolean gzip : new boolean[] {false, true}) {
      for (String accept : List.of("text/plain", OPEN_METRICS, PROTOBUF)) {
        print(accept.replaceFirst(";.*", "") + (gzip ? ", gzip" : ""), 1, accept, gzip);
      }
    }
    print("ten of the last at once", 10, PROTOBUF, true);
  }

  private void print(String name, int atOnce, String accept, boolean gzip)
      throws IOException, InterruptedException {
    scrape(accept, gzip).join();
    List<Double> seconds = new ArrayList<>();
    long bytes = 0;
    long heap = 0;
    long cpu = cpuNanos();
    for (int i = 0; i < times; i++) {
      long before = heapAfterCollection();
      long start = nanos.getAsLong();
      List<CompletableFuture<Long>> scrapes =
          IntStream.range(0, atOnce).mapToObj(each -> scrape(accept, gzip)).toList();
      for (CompletableFuture<Long> scrape : scrapes) {
        bytes = scrape.join();
      }
      seconds.add((nanos.getAsLong() - start) * 1e-9);
      heap = Math.max(heap, peak() - before);
    }
    seconds.sort(null);
    out.println(
        String.format(
            Locale.ROOT,
            "| %s | %.1f | %.2f | %.2f | %d |",
            name,
            bytes / 1e6,
            seconds.get(seconds.size() / 2),
            (cpuNanos() - cpu) * 1e-9 / times,
            heap / 1_000_000));
  }

  /** How many bytes come; they are thrown away. */
  private CompletableFuture<Long> scrape(String accept, boolean gzip) {
    HttpRequest.Builder request = HttpRequest.newBuilder(metrics).header("Accept", accept);
    if (gzip) {
      request.header("Accept-Encoding", "gzip");
    }
    return client
        .sendAsync(request.build(), BodyHandlers.ofInputStream())
        .thenApplyAsync(answer -> length(answer.body()));
  }

  private static long length(InputStream body) {
    try (body) {
      return body.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private static List<MemoryPoolMXBean> heap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }

  private static long heapAfterCollection() {
    System.gc();
    heap().forEach(MemoryPoolMXBean::resetPeakUsage);
    return heap().stream().mapToLong(pool -> pool.getUsage().getUsed()).sum();
  }

  private static long peak() {
    return heap().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
  }
}
