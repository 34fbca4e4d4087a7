package dev.latentgauge.benchmarks;

import dev.latentgauge.collector.Collector;
import dev.latentgauge.collector.CollectorOptions;
import dev.latentgauge.observation.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A collector in this process, with SQLite, whose live runs have as many observations as one likes,
 * and somebody who reports to it and reads it, on one connection. It can be closed, and started
 * again where it was.
 */
final class FilledCollector implements AutoCloseable {

  /** The most observations in a report, and on a page. */
  static final int BATCH = 1000;

  private static final int CLIENTS = 16;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Path data;
  private final long[] nextStep;
  private @Nullable Collector collector;
  private int reported;
  private int read;

  /**
   * One that has not started.
   *
   * @param data the folder for its files
   * @param runs how many runs it will have
   */
  FilledCollector(Path data, int runs) {
    this.data = data;
    this.nextStep = new long[runs];
  }

  void start() throws IOException {
    collector = Collector.start(CollectorOptions.builder().port(0).data(data).build());
  }

  /** Gives the first runs so many observations each, by as many clients as keep it busy. */
  void fill(int runs, int length) {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<CompletableFuture<Void>> sent = new ArrayList<>();
      for (int from = 0; from < length; from += BATCH) {
        for (int run = 0; run < runs; run++) {
          Runnable report = nextReport(run, Math.min(BATCH, length - from));
          sent.add(CompletableFuture.runAsync(report, clients));
        }
      }
      sent.forEach(CompletableFuture::join);
    } finally {
      clients.shutdown();
    }
  }

  /** Reports so many observations more, of one run after the other. */
  void report(int size) {
    nextReport(reported++ % nextStep.length, size).run();
  }

  private Runnable nextReport(int run, int size) {
    long first = nextStep[run];
    nextStep[run] += size;
    return () ->
        send(
            at(observations(run))
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        Wire.write(
                            LongStream.range(first, first + size)
                                .mapToObj(CollectorBenchmark::observation)
                                .toList())))
                .build());
  }

  private static String observations(int run) {
    return "/v1/runs/run-" + run + "/observations";
  }

  /** Reads the first observations of one of some runs, of one after the other. */
  void readFirst(int runs, int limit) {
    readFrom(0, read++ % runs, limit);
  }

  /** Reads the last observations of one of some runs, of one after the other. */
  void readLast(int runs, int limit) {
    int run = read++ % runs;
    readFrom(Math.max(0, nextStep[run] - limit), run, limit);
  }

  private void readFrom(long step, int run, int limit) {
    send(at(observations(run) + "?attempt=1&fromStep=" + step + "&limit=" + limit).build());
  }

  void scrape() {
    send(at("/metrics").build());
  }

  private HttpRequest.Builder at(String path) {
    return HttpRequest.newBuilder(Objects.requireNonNull(collector).address().resolve(path));
  }

  /** The answer is read to its end, and thrown away. */
  private void send(HttpRequest request) {
    HttpResponse<InputStream> answer =
        client.sendAsync(request, BodyHandlers.ofInputStream()).join();
    try (InputStream body = answer.body()) {
      if (answer.statusCode() != 200) {
        throw new IOException(
            request.uri() + " must be answered by 200, but is by " + answer.statusCode());
      }
      body.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How large the files of the history are. */
  long databaseBytes() throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("history.sqlite"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }

  @Override
  public void close() {
    if (collector != null) {
      collector.close();
      collector = null;
    }
  }
}
