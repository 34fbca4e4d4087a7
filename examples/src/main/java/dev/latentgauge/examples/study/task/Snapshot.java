package dev.latentgauge.examples.study.task;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/**
 * A network at one moment of its training, seen from outside.
 *
 * <p>Its arrays need to live only until the recorder returns.
 *
 * @param step optimiser updates so far; 0 for the untrained network
 * @param epoch passes over the training data so far
 * @param trainingLoss of the last batches, which needs labels; NaN where there is none yet
 * @param correct whether the network is right about each of the m test examples, always the same
 *     ones in the same order: m booleans
 * @param layers what each observed layer makes of the pool, N x d in float32; the monitored layer
 *     comes first
 * @param predictions the class that the network gives to each of the N inputs of the pool: N of
 *     int64
 */
public record Snapshot(
    long step,
    double epoch,
    double trainingLoss,
    NDArray correct,
    Map<String, NDArray> layers,
    NDArray predictions) {}
