package dev.latentgauge.collector.store;

import dev.latentgauge.collector.run.RunState;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * What is known of a sketch that is stored.
 *
 * @param run the name of its run
 * @param state how the run is
 * @param key of which layer and probes it is
 * @param attempt the process that trained the run, from 1
 * @param step optimiser updates applied to the weights that were measured, at least 0
 * @param epoch passes over the data, if it is known
 * @param time when it was made
 * @param probes n
 * @param anchors k
 * @param digest the SHA-256 of its content, 64 hexadecimal digits
 */
public record StoredSketch(
    String run,
    RunState state,
    SketchKey key,
    int attempt,
    long step,
    OptionalDouble epoch,
    Instant time,
    int probes,
    int anchors,
    String digest) {}
