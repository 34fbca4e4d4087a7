package dev.latentgauge.collector.store;

/**
 * Sketches that can be compared.
 *
 * @param key what they have in common
 * @param runs how many runs have one, at least 1
 */
public record SketchGroup(SketchKey key, long runs) {}
