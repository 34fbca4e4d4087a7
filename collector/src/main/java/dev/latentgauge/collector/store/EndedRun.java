package dev.latentgauge.collector.store;

import java.time.Instant;

/**
 * A run that ended.
 *
 * @param name its name
 * @param endedAt when, by the collector's clock
 */
public record EndedRun(String name, Instant endedAt) {}
