package dev.latentgauge.examples.study.fleet;

import ai.djl.ndarray.NDArray;

/**
 * A run that fleets are drawn from, at its last snapshot.
 *
 * @param accuracy on the test examples, from 0 to 1
 * @param score against its reference; not a number if it is undefined
 * @param relative the n x k cosines of the probes
 */
public record Member(double accuracy, double score, NDArray relative) {}
