package dev.latentgauge.collector.store;

import dev.latentgauge.relative.Sketch;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A sketch as a run sends it.
 *
 * @param key of which layer and probes it is
 * @param attempt the process that trains the run, from 1
 * @param step optimiser updates applied to the weights that were measured, at least 0
 * @param epoch passes over the data, if it is known
 * @param time when it was made, if it is known
 * @param sketch the sketch
 */
public record SketchReport(
    SketchKey key,
    int attempt,
    long step,
    OptionalDouble epoch,
    Optional<Instant> time,
    Sketch sketch) {}
