package dev.latentgauge.collector.exposition;

import dev.latentgauge.collector.event.EventReaders;
import dev.latentgauge.collector.ingest.Tally;
import dev.latentgauge.collector.run.RunRegistry;
import dev.latentgauge.collector.scoring.Scoring;
import dev.latentgauge.collector.stopping.StopPolicies;
import dev.latentgauge.collector.store.Store;
import java.util.function.LongSupplier;

/**
 * What the metrics tell of.
 *
 * @param runs the runs that are shown
 * @param store how much is stored, and how fast
 * @param policies what was decided
 * @param tally what came in
 * @param scoring what is being scored, and against how many references
 * @param events who reads events
 * @param expired how many runs were deleted for their age or for room
 */
public record Sources(
    RunRegistry runs,
    Store store,
    StopPolicies policies,
    Tally tally,
    Scoring scoring,
    EventReaders events,
    LongSupplier expired) {}
