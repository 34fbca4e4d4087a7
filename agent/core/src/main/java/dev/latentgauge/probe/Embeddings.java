package dev.latentgauge.probe;

import ai.djl.ndarray.NDArray;

/**
 * The output of one layer of one model for a probe set.
 *
 * @param anchors k x d
 * @param probes n x d
 */
public record Embeddings(NDArray anchors, NDArray probes) {}
