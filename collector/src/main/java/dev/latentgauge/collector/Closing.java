package dev.latentgauge.collector;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of things one after the other, each in a time of its own, so that one that hangs neither
 * keeps the others from their turn nor the whole from its end.
 */
final class Closing {

  private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

  private boolean complete = true;

  /** What lets go of something. */
  interface Step {
    void run() throws Exception;
  }

  /**
   * How the time until the deadline is shared.
   *
   * @param delay while requests are still accepted
   * @param requests for requests that are under way
   * @param step for each thing that is let go of, the server first
   */
  record Times(Duration delay, Duration requests, Duration step) {

    private static final int STEPS = 6;
    private static final Duration LONGEST_STEP = Duration.ofSeconds(2);

    /** A quarter of what follows the delay is kept from slow clients, for the steps. */
    static Times of(Duration delay, Duration deadline) {
      Duration rest = deadline.minus(delay);
      Duration share = rest.dividedBy(4L * STEPS);
      Duration step = share.compareTo(LONGEST_STEP) < 0 ? share : LONGEST_STEP;
      return new Times(delay, rest.minus(step.multipliedBy(STEPS)), step);
    }
  }

  /**
   * Does one step; waits for it no longer than the time.
   *
   * @param what it lets go of
   */
  void step(String what, Duration time, Step step) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread = new Thread(() -> run(step, done), "closing " + what);
    thread.setDaemon(true);
    thread.start();
    try {
      done.copy().orTimeout(Math.max(1, time.toMillis()), TimeUnit.MILLISECONDS).join();
    } catch (RuntimeException e) {
      complete = false;
      LOG.warn(
          "{} could not be closed: {}",
          what,
          done.isDone() ? e.getCause() : "it took longer than " + time.toMillis() + " ms");
    }
  }

  private static void run(Step step, CompletableFuture<Void> done) {
    try {
      step.run();
      done.complete(null);
    } catch (Exception | Error e) {
      done.completeExceptionally(e);
    }
  }

  /** Whether all steps were done, and in time. */
  boolean isComplete() {
    return complete;
  }
}
