package dev.latentgauge.collector.store;

import java.time.Instant;

/**
 * A run that ended.
 *
 * @param name its name
 * @param endedAt when, by the collector's clock
 * @param bytes what deleting it gives back, at least, as {@link Totals#bytes} counts
 */
public record EndedRun(String name, Instant endedAt, long bytes) {}
