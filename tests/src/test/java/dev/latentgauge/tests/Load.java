package dev.latentgauge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.Wire;
import dev.latentgauge.relative.Score;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;

/**
 * Clients that report to a collector as agents do: what is not acknowledged is sent again, until it
 * is. In the end everything must be stored, once.
 */
final class Load implements AutoCloseable {

  private static final int LARGEST_BATCH = 20;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI collector;
  private final List<Worker> workers = new ArrayList<>();
  private final AtomicBoolean enough = new AtomicBoolean();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final Set<String> refusals = ConcurrentHashMap.newKeySet();

  /**
   * Starts to report.
   *
   * @param seed decides how large the batches are
   */
  Load(URI collector, int clients, long seed) {
    this.collector = collector;
    for (int i = 0; i < clients; i++) {
      workers.add(new Worker("load-" + i, seed + i));
    }
    workers.forEach(Thread::start);
  }

  /** A client, with a run of its own. */
  private final class Worker extends Thread {
    private final String run;
    private final SplittableRandom random;
    private final AtomicLong next = new AtomicLong();

    Worker(String run, long seed) {
      super(run);
      this.run = run;
      this.random = new SplittableRandom(seed);
    }

    @Override
    public void run() {
      while (!enough.get()) {
        int size = 1 + random.nextInt(LARGEST_BATCH);
        long first = next.get();
        String report =
            Wire.write(LongStream.range(first, first + size).mapToObj(Load::observation).toList());
        Awaitility.await()
            .atMost(5, TimeUnit.MINUTES)
            .pollDelay(Duration.ZERO)
            .until(() -> isAcknowledged(run, report));
        next.addAndGet(size);
        acknowledged.addAndGet(size);
      }
    }
  }

  static Observation observation(long step) {
    return observation(1, step);
  }

  static Observation observation(int attempt, long step) {
    return Observation.builder(
            new Observation.Key(attempt, "encoder", "good@0123456789ab", step),
            Instant.EPOCH,
            "soft",
            new Score(0.75, 0.5, 1.0 / (1 + step), 0.0625, 512, 128))
        .build();
  }

  private boolean isAcknowledged(String run, String report) throws InterruptedException {
    try {
      HttpResponse<String> answer =
          send(
              HttpRequest.newBuilder(collector.resolve("/v1/runs/" + run + "/observations"))
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString(report)));
      if (answer.statusCode() == 200) {
        return true;
      }
      assertThat(answer.statusCode()).as(answer.body()).isIn(429, 502, 503, 504, 507);
      refusals.add(reason(answer));
    } catch (IOException e) {
      // It was killed, or is not there yet.
    }
    failed.incrementAndGet();
    return false;
  }

  /** A balancer says in its own words that nobody is there. */
  private static String reason(HttpResponse<String> answer) {
    boolean isProblem =
        answer.headers().firstValue("content-type").orElse("").contains("application/problem+json");
    return isProblem
        ? JsonParser.parseString(answer.body()).getAsJsonObject().get("detail").getAsString()
        : "the balancer answered " + answer.statusCode();
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
  }

  /** How many observations were acknowledged so far. */
  long acknowledged() {
    return acknowledged.get();
  }

  /** How many reports were refused for now, or broke off. */
  long failed() {
    return failed.get();
  }

  /** What was said by those refusals. */
  Set<String> refusals() {
    return Set.copyOf(refusals);
  }

  /** Waits until so many more were acknowledged. */
  void awaitMore(long observations) {
    long from = acknowledged();
    Awaitility.await()
        .atMost(2, TimeUnit.MINUTES)
        .until(() -> acknowledged() >= from + observations);
  }

  /** Ends, when all that was sent is acknowledged. */
  void finish() throws InterruptedException {
    enough.set(true);
    for (Worker worker : workers) {
      worker.join();
    }
  }

  /** Asserts that what was acknowledged is stored, once and as it was, and nothing else is. */
  void assertAllStored() throws IOException, InterruptedException {
    assertAllStored(collector);
  }

  /** Asserts the same of what another collector answers. */
  void assertAllStored(URI asked) throws IOException, InterruptedException {
    Stored stored = new Stored(asked);
    for (Worker worker : workers) {
      stored.assertHas(
          worker.run, LongStream.range(0, worker.next.get()).mapToObj(Load::observation).toList());
    }
  }

  @Override
  public void close() {
    enough.set(true);
    workers.forEach(Thread::interrupt);
  }
}
