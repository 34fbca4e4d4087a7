package dev.latentgauge.tests;

import dev.latentgauge.agent.kafka.KafkaReporter;
import dev.latentgauge.agent.report.Reporter;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;

/** Trainings that report through Kafka, without end. In the end everything must be stored, once. */
final class KafkaLoad implements AutoCloseable {

  private static final int LARGEST_BATCH = 20;

  /** Enough to go on with while the broker is away, and little enough to come to an end. */
  private static final int MOST_WAITING = 500;

  private final List<Worker> workers = new ArrayList<>();
  private final AtomicBoolean enough = new AtomicBoolean();
  private final Duration pause;

  /**
   * Starts to report.
   *
   * @param pause of each training between its reports; if none, as fast as they leave the spool
   * @param seed decides how large the batches are
   */
  KafkaLoad(String servers, String topic, Path spool, int trainings, Duration pause, long seed) {
    this.pause = pause;
    for (int i = 0; i < trainings; i++) {
      Reporter reporter = KafkaReporter.builder(servers).topic(topic).spool(spool).build();
      workers.add(new Worker("load-" + i, reporter, seed + i));
    }
    workers.forEach(Thread::start);
  }

  /** A training, with a run of its own. */
  private final class Worker extends Thread {
    private final RunInfo run;
    private final Reporter reporter;
    private final SplittableRandom random;
    private final AtomicLong next = new AtomicLong();

    Worker(String name, Reporter reporter, long seed) {
      super(name);
      this.run = RunInfo.named(name).withStartedAt(Instant.now());
      this.reporter = reporter;
      this.random = new SplittableRandom(seed);
    }

    @Override
    public void run() {
      try {
        reporter.begin(run);
        while (!enough.get()) {
          long first = next.get();
          long after = first + 1 + random.nextInt(LARGEST_BATCH);
          reporter.observed(run, observations(first, after));
          next.set(after);
          Awaitility.await()
              .atMost(5, TimeUnit.MINUTES)
              .pollDelay(pause)
              .until(() -> enough.get() || reporter.backlog().spooled() < MOST_WAITING);
        }
        reporter.end(run, new RunEnd(RunEnd.State.COMPLETED, "").ofAttempt(1));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        interrupt();
      } finally {
        reporter.close();
      }
    }
  }

  private static List<Observation> observations(long first, long after) {
    return LongStream.range(first, after).mapToObj(Load::observation).toList();
  }

  /** How many observations were reported so far. */
  long reported() {
    return workers.stream().mapToLong(worker -> worker.next.get()).sum();
  }

  /** Waits until so many more were acknowledged by the broker. */
  void awaitMore(long observations) {
    long from = acknowledged();
    Awaitility.await()
        .atMost(2, TimeUnit.MINUTES)
        .until(() -> acknowledged() >= from + observations);
  }

  private long acknowledged() {
    return reported()
        - workers.stream().mapToLong(worker -> worker.reporter.backlog().spooled()).sum();
  }

  /** Ends, when the broker has acknowledged all. */
  void finish() throws InterruptedException {
    enough.set(true);
    for (Worker worker : workers) {
      worker.join();
    }
  }

  /** Waits until all runs have ended at a collector, which must have stored all then. */
  void assertAllStored(Stored stored) throws IOException, InterruptedException {
    for (Worker worker : workers) {
      String run = worker.run.name();
      Awaitility.await()
          .atMost(2, TimeUnit.MINUTES)
          .ignoreExceptions()
          .until(() -> stored.run(run).get("state").getAsString().equals("completed"));
      stored.assertHas(run, observations(0, worker.next.get()));
    }
  }

  @Override
  public void close() {
    enough.set(true);
    workers.forEach(Thread::interrupt);
  }
}
