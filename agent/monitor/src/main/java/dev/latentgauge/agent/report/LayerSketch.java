package dev.latentgauge.agent.report;

import dev.latentgauge.relative.Sketch;
import java.time.Instant;

/**
 * What a layer of a run makes of a probe set, small enough to be sent along.
 *
 * @param layer the name of the layer
 * @param probes the fingerprint of the probe set
 * @param step optimiser updates applied to the weights that were measured
 * @param epoch passes over the data so far
 * @param time when it was made
 * @param sketch the sketch
 */
public record LayerSketch(
    String layer, String probes, long step, double epoch, Instant time, Sketch sketch) {}
