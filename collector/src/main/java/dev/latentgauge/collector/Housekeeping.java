package dev.latentgauge.collector;

import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.run.RunRegistry;
import dev.latentgauge.collector.store.EndedRun;
import dev.latentgauge.collector.store.Store;
import dev.latentgauge.collector.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be done now and then: runs that have been silent for too long are taken for lost,
 * ended ones that are too old or for which there is no room are deleted, what they took is given
 * back, and a history that could not be written is tried anew.
 *
 * <p>How old a run is, is told by a clock that does not jump, so that nobody loses a history to a
 * clock that is set while the collector runs. Nobody is silent to whom the history was not open:
 * what was refused meanwhile was a word. Used by one thread at a time.
 */
final class Housekeeping {

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
  private static final int RUNS_AT_ONCE = 100;

  /** Room is made from here on, before changes must be refused. */
  private static final double FULL = 0.95;

  /** So much is left, so that it need not be done at every turn. */
  private static final double ENOUGH = 0.9;

  private final Store store;
  private final RunRegistry runs;
  private final Duration lostAfter;
  private final Optional<Duration> keep;
  private final long bytes;
  private final InstantSource clock;
  private final InstantSource stopwatch;
  private Instant lastTrouble = Instant.MIN;

  /**
   * Housekeeping.
   *
   * @param lostAfter how long a live run may give no word
   * @param keep how long a run is kept after its end; empty is as long as there is room
   * @param bytes the most bytes that the store may hold
   * @param clock says when runs were lost
   * @param stopwatch says how old they are
   */
  Housekeeping(
      Store store,
      RunRegistry runs,
      Duration lostAfter,
      Optional<Duration> keep,
      long bytes,
      InstantSource clock,
      InstantSource stopwatch) {
    this.store = store;
    this.runs = runs;
    this.lostAfter = lostAfter;
    this.keep = keep;
    this.bytes = bytes;
    this.clock = clock;
    this.stopwatch = stopwatch;
  }

  /** Does all of it once; blocks until it is done, or cannot be. */
  void round() {
    try {
      runs.forget();
      if (store.trouble().isPresent()) {
        lastTrouble = stopwatch.instant();
      }
      await(store.probe());
      loseSilent();
      expireOld();
      makeRoom();
      while (await(store.tidy())) {
        // Between two turns others are served.
      }
    } catch (StoreException e) {
      LOG.debug("housekeeping has to wait", e);
    }
  }

  private void loseSilent() {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    if (stopwatch.instant().isBefore(lastTrouble.plus(lostAfter))) {
      return;
    }
    Map<Run, CompletionStage<Boolean>> lost = new LinkedHashMap<>();
    for (Run run : runs.silentFor(lostAfter)) {
      lost.put(run, store.lose(run.name(), run.heardAt(), now));
    }
    lost.forEach(
        (run, isLost) -> {
          if (await(isLost)) {
            LOG.warn(
                "the run {} has given no word for {} s and is taken for lost",
                run.name(),
                lostAfter.toSeconds());
          }
        });
  }

  private void expireOld() {
    keep.ifPresent(
        age -> {
          Instant oldest = stopwatch.instant().minus(age);
          expireWhile(
              run -> run.endedAt().isBefore(oldest),
              RUNS_AT_ONCE,
              "it ended more than " + age.toSeconds() + " s ago");
        });
  }

  private void makeRoom() {
    if (store.totals().bytes() > FULL * bytes) {
      // One at a time, as what each gives back is known only then.
      expireWhile(run -> store.totals().bytes() > ENOUGH * bytes, 1, "there is no room for it");
    }
  }

  private interface Condition {
    boolean holds(EndedRun run);
  }

  /** Deletes runs that ended, the first to end first. */
  private void expireWhile(Condition condition, int atOnce, String reason) {
    List<EndedRun> ended;
    do {
      ended = await(store.firstEnded(atOnce));
      ended = ended.stream().takeWhile(condition::holds).toList();
      expire(ended, reason);
    } while (!ended.isEmpty());
  }

  private void expire(List<EndedRun> ended, String reason) {
    Map<EndedRun, CompletionStage<Boolean>> gone = new LinkedHashMap<>();
    ended.forEach(run -> gone.put(run, store.expire(run)));
    gone.forEach(
        (run, isGone) -> {
          if (await(isGone)) {
            LOG.info("the run {} was deleted: {}", run.name(), reason);
          }
        });
  }

  private static <T> T await(CompletionStage<T> stage) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StoreException trouble) {
        throw trouble;
      }
      throw e;
    }
  }
}
