package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

/**
 * Scrapes of a collector in this process that ask for the same, timed, and what the process uses
 * for them. Readers throw away what comes, so that they cost little.
 */
final class Scrapes implements Turns.Arm {

  private static final int BUFFER = 1 << 16;

  private final URI metrics;
  private final Form form;
  private final Executor readers;
  private final List<Used> used = new ArrayList<>();
  private long bytes;

  /** In which format metrics are asked for. */
  enum Format {
    /** Prometheus's own, of old. */
    TEXT("text", "text/plain", ""),
    /** What a Prometheus asks for, unless it is to take native histograms. */
    OPEN_METRICS("OpenMetrics", "application/openmetrics-text", ";version=1.0.0"),
    /** What it asks for then. */
    PROTOBUF(
        "protobuf",
        "application/vnd.google.protobuf",
        ";proto=io.prometheus.client.MetricFamily;encoding=delimited");

    private final String text;
    private final String type;
    private final String parameters;

    Format(String text, String type, String parameters) {
      this.text = text;
      this.type = type;
      this.parameters = parameters;
    }
  }

  /**
   * What is asked for.
   *
   * @param format of the answer
   * @param gzip whether it is compressed
   * @param atOnce by how many at the same time
   */
  record Form(Format format, boolean gzip, int atOnce) {
    @Override
    public String toString() {
      return format.text + (gzip ? ", gzip" : "") + (atOnce == 1 ? "" : ", " + atOnce + " at once");
    }
  }

  /**
   * What the process used for a scrape, or for so many at once.
   *
   * @param processorMillis of all threads, the readers' and the garbage collector's included
   * @param allocatedBytes on the heap
   */
  record Used(double processorMillis, double allocatedBytes) {}

  /**
   * None yet.
   *
   * @param collector its address
   * @param readers as many threads as scrape at once
   */
  Scrapes(URI collector, Form form, Executor readers) {
    this.metrics = metrics(collector);
    this.form = form;
    this.readers = readers;
  }

  /** How many series a collector exposes. */
  static long series(URI collector) throws IOException {
    HttpURLConnection connection = ask(metrics(collector), Format.TEXT, false);
    try (BufferedReader text =
        new BufferedReader(new InputStreamReader(connection.getInputStream(), UTF_8))) {
      return text.lines().filter(line -> !line.startsWith("#")).count();
    }
  }

  Form form() {
    return form;
  }

  /** The length of the last answer. */
  long bytes() {
    return bytes;
  }

  /** The mean over the last turns. */
  Used used(int turns) {
    List<Used> last = used.subList(used.size() - turns, used.size());
    return new Used(
        last.stream().mapToDouble(Used::processorMillis).average().orElseThrow(),
        last.stream().mapToDouble(Used::allocatedBytes).average().orElseThrow());
  }

  @Override
  public double take(int repetitions) throws IOException {
    ProcessUse before = ProcessUse.now();
    double seconds = Turns.here(this::once).take(repetitions);
    ProcessUse after = ProcessUse.now();
    used.add(
        new Used(
            after.processorNanosSince(before) * 1e-6 / repetitions,
            (double) after.allocatedBytesSince(before) / repetitions));
    return seconds;
  }

  /** Scrapes once, or so often at once, and waits until all has come. */
  void once() {
    List<CompletableFuture<Long>> scrapes =
        IntStream.range(0, form.atOnce)
            .mapToObj(each -> CompletableFuture.supplyAsync(this::scrape, readers))
            .toList();
    for (CompletableFuture<Long> scrape : scrapes) {
      bytes = scrape.join();
    }
  }

  private long scrape() {
    try {
      HttpURLConnection connection = ask(metrics, form.format, form.gzip);
      long length = 0;
      try (InputStream body = connection.getInputStream()) {
        byte[] buffer = new byte[BUFFER];
        for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
          length += read;
        }
      }
      requireAsked(connection);
      return length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void requireAsked(HttpURLConnection connection) throws IOException {
    String type = connection.getContentType();
    boolean isCompressed = connection.getContentEncoding() != null;
    if (type == null || !type.startsWith(form.format.type) || isCompressed != form.gzip) {
      throw new IOException(
          "the answer must be " + form + ", but is " + type + (isCompressed ? ", compressed" : ""));
    }
  }

  private static HttpURLConnection ask(URI metrics, Format format, boolean gzip)
      throws IOException {
    HttpURLConnection connection = (HttpURLConnection) metrics.toURL().openConnection();
    connection.setRequestProperty("Accept", format.type + format.parameters);
    if (gzip) {
      connection.setRequestProperty("Accept-Encoding", "gzip");
    }
    return connection;
  }

  private static URI metrics(URI collector) {
    return collector.resolve("/metrics");
  }
}
