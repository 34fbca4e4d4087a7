package dev.latentgauge.collector.bus;

import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.store.StoreException;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** What a stage failed with. */
final class Failures {

  private Failures() {}

  /** What was thrown, without what stages put around it. */
  static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause(cause) : failure;
  }

  /** A failure as a refusal. */
  static Rejection rejection(Throwable failure) {
    Throwable cause = cause(failure);
    if (cause instanceof Rejection rejection) {
      return rejection;
    } else if (cause instanceof Standings.Refused refused) {
      return refused.why();
    } else if (cause instanceof StoreException trouble) {
      return Rejection.of(trouble);
    }
    return new Rejection(
        Rejection.Reason.INTERNAL, Optional.empty(), "the collector failed: " + cause);
  }
}
