package dev.latentgauge.collector.bus;

import dev.latentgauge.collector.ingest.Ingest;
import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.store.Store;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.observation.Wire;
import dev.latentgauge.observation.WireException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Which trainings may report to which runs.
 *
 * <p>Over HTTP a training that is refused when it registers does not report. Here its reports are
 * in the topic by then, so each brings its registration, which is tried if it is not the one of the
 * run that was taken last. Used on one thread.
 */
final class Standings {

  private final Ingest ingest;
  private final Store store;
  private final Executor thread;
  private final Executor waiting;
  private final Recent<Standing> taken = new Recent<>();

  /**
   * How a training stands.
   *
   * @param registration what it said of its run
   * @param run the same
   * @param isHistory whether a later attempt, which started later, has the run: then observations
   *     are all that is taken of this one
   */
  record Standing(String registration, RunInfo run, boolean isHistory) {}

  /**
   * Knows nobody yet.
   *
   * @param thread where this is used
   * @param waiting where it may wait for the database
   */
  Standings(Ingest ingest, Store store, Executor thread, Executor waiting) {
    this.ingest = ingest;
    this.store = store;
    this.thread = thread;
    this.waiting = waiting;
  }

  /** Others may have taken reports meanwhile. */
  void forget() {
    taken.clear();
  }

  /** A run may have been deleted. */
  void forget(String run) {
    taken.remove(run);
  }

  /** How the training that sent a report stands; fails with a {@link Refused} if it is refused. */
  CompletionStage<Standing> of(String run, String registration) {
    Standing known = taken.get(run);
    if (known != null && known.registration.equals(registration)) {
      return CompletableFuture.completedFuture(known);
    }
    RunInfo info = read(run, registration);
    return ingest
        .register(run, registration.getBytes(StandardCharsets.UTF_8))
        .thenApply(registered -> false)
        .exceptionallyComposeAsync(failure -> isHistory(info, Failures.cause(failure)), waiting)
        .thenApplyAsync(
            isHistory -> {
              Standing standing = new Standing(registration, info, isHistory);
              taken.put(run, standing);
              return standing;
            },
            thread);
  }

  private static RunInfo read(String run, String registration) {
    try {
      return Wire.readRun(run, registration);
    } catch (WireException e) {
      throw new Rejection(
          Rejection.Reason.MALFORMED,
          Optional.of(e.field()).filter(field -> !field.isEmpty()),
          String.valueOf(e.getMessage()));
    }
  }

  private CompletionStage<Boolean> isHistory(RunInfo info, Throwable failure) {
    if (!(failure instanceof Rejection refusal) || refusal.reason() != Rejection.Reason.CONFLICT) {
      return CompletableFuture.failedFuture(failure);
    }
    return store
        .find(info.name())
        .thenApply(
            found -> {
              if (found.filter(known -> isLater(known, info)).isEmpty()) {
                throw new Refused(info, refusal);
              }
              return true;
            });
  }

  private static boolean isLater(Run known, RunInfo info) {
    return known.attempt() > info.attempt()
        && known
            .info()
            .startedAt()
            .filter(later -> info.startedAt().filter(later::isAfter).isPresent())
            .isPresent();
  }

  /** A training that may not report. */
  static final class Refused extends RuntimeException {
    private final transient RunInfo run;
    private final Rejection why;

    private Refused(RunInfo run, Rejection why) {
      super(why);
      this.run = run;
      this.why = why;
    }

    RunInfo run() {
      return run;
    }

    Rejection why() {
      return why;
    }
  }
}
