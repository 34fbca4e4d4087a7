package dev.latentgauge.tests.live;

import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.tests.live.SyntheticRun.Fate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Fills a collector with the histories of runs, over several connections. */
public final class Posting {

  private static final int CONNECTIONS = 6;

  /** The most that a collector takes at once. */
  private static final int BATCH = 1000;

  private final CollectorApi collector;
  private final Instant now;

  private Posting(CollectorApi collector, Instant now) {
    this.collector = collector;
    this.now = now;
  }

  /**
   * Reports all that the runs have done, and how they ended; others of their names are deleted.
   *
   * @param now when the last observations were made
   */
  public static void of(List<SyntheticRun> runs, CollectorApi collector, Instant now) {
    Posting posting = new Posting(collector, now);
    ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    try {
      List<Future<?>> posted = new ArrayList<>();
      runs.forEach(run -> posted.add(threads.submit(() -> posting.post(run))));
      for (Future<?> each : posted) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      threads.shutdownNow();
    }
  }

  private void post(SyntheticRun run) {
    collector.delete(run.name());
    int batch = BATCH / run.references().size();
    int attempt = 0;
    for (long from = 0; from < run.length(); ) {
      if (run.attempt(from) != attempt) {
        attempt = run.attempt(from);
        begin(run, attempt);
      }
      long to = from;
      while (to < run.length() && to - from < batch && run.attempt(to) == attempt) {
        to++;
      }
      collector.report(run.name(), run.observations(from, to, now));
      from = to;
    }
    end(run);
  }

  private void begin(SyntheticRun run, int attempt) {
    if (attempt > 1) {
      collector.end(run.name(), new RunEnd(RunEnd.State.FAILED, "the machine was taken away"));
    }
    Instant start = run.observations(0, 1, now).get(0).time().plusSeconds(attempt);
    collector.register(run.info().withAttempt(attempt).withStartedAt(start));
  }

  private void end(SyntheticRun run) {
    if (run.fate() != Fate.LIVE) {
      collector.end(run.name(), end(run.fate()));
    }
  }

  /** How a run of a fate ends that is not {@link Fate#LIVE}. */
  static RunEnd end(Fate fate) {
    return switch (fate) {
      case STOPPED -> new RunEnd(RunEnd.State.STOPPED, "no improvement in 5 checks");
      case FAILED ->
          new RunEnd(RunEnd.State.FAILED, "ai.djl.TrainingDivergedException: loss is NaN");
      case COMPLETED -> new RunEnd(RunEnd.State.COMPLETED, "");
      case LIVE -> throw new IllegalArgumentException("a live run has no end");
    };
  }
}
