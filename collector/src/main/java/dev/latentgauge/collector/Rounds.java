package dev.latentgauge.collector;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that is done again and again on a worker thread, each time so long after the last one
 * was over.
 *
 * <p>All that decides when happens on one event loop, so that after {@link #close} no further round
 * begins: one that did while the worker threads end would be refused, with an error in the log.
 */
final class Rounds implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

  private final Vertx vertx;
  private final Context loop;
  private final Duration interval;
  private final Runnable round;

  // All belong to the event loop.
  private boolean closed;
  private long timer;
  private Future<?> latest = Future.succeededFuture();

  private Rounds(Vertx vertx, Duration interval, Runnable round) {
    this.vertx = vertx;
    this.loop = vertx.getOrCreateContext();
    this.interval = interval;
    this.round = round;
  }

  /**
   * Begins, with the first round after the interval.
   *
   * @param interval between two rounds, at least 1 ms
   * @param round what is done; may block, and goes on after a failure
   */
  static Rounds begin(Vertx vertx, Duration interval, Runnable round) {
    Rounds rounds = new Rounds(vertx, interval, round);
    rounds.loop.runOnContext(begun -> rounds.await());
    return rounds;
  }

  private void await() {
    if (!closed) {
      timer = vertx.setTimer(interval.toMillis(), due -> go());
    }
  }

  private void go() {
    latest = loop.executeBlocking(Executors.callable(round), false);
    latest
        .onFailure(failure -> LOG.error("what is done now and then failed", failure))
        .onComplete(done -> await());
  }

  /**
   * Lets no further round begin, and waits until one that is under way has come to its end, and has
   * said so to the event loop, which must not be gone by then.
   */
  @Override
  public void close() {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    loop.runOnContext(
        ending -> {
          closed = true;
          latest.onComplete(done -> ended.complete(vertx.cancelTimer(timer)));
        });
    ended.join();
  }
}
