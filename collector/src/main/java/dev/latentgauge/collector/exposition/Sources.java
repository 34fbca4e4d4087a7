package dev.latentgauge.collector.exposition;

import dev.latentgauge.collector.bus.Bus;
import dev.latentgauge.collector.event.EventReaders;
import dev.latentgauge.collector.ingest.Tally;
import dev.latentgauge.collector.run.RunRegistry;
import dev.latentgauge.collector.scoring.Scoring;
import dev.latentgauge.collector.stopping.StopPolicies;
import dev.latentgauge.collector.store.Store;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What the metrics tell of.
 *
 * @param runs the runs that are shown
 * @param store how much is stored, and how fast
 * @param policies what was decided
 * @param tally what was refused
 * @param scoring what is being scored, and against how many references
 * @param events who reads events
 * @param bus takes reports from Kafka, if that is wanted
 */
public record Sources(
    RunRegistry runs,
    Store store,
    StopPolicies policies,
    Tally tally,
    Scoring scoring,
    EventReaders events,
    Optional<Bus> bus) {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Whether other collectors may change the history. */
  boolean mayChangeElsewhere() {
    return store.sharedReferences().isPresent();
  }

  /**
   * Hears of all that other collectors have changed by now, so that nothing is told that is older
   * than what one of them has told before: counters must not go back.
   *
   * @return false if that cannot be done now
   */
  boolean catchUp() {
    return store
            .follow()
            .exceptionally(failure -> false)
            .toCompletableFuture()
            .completeOnTimeout(false, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
            .join()
        && policies.refresh();
  }
}
