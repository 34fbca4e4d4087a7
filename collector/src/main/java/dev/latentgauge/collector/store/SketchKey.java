package dev.latentgauge.collector.store;

/**
 * What sketches must have in common to be compared; a run has at most one of each.
 *
 * @param layer the name of the layer
 * @param probes what tells the anchors and probes from others
 */
public record SketchKey(String layer, String probes) {}
