package dev.latentgauge.collector.store;

import dev.latentgauge.observation.Directive;

/**
 * What became of a sketch.
 *
 * @param kept whether it is the one that is stored now; not if a later one is
 * @param attempt the attempt of the one that is stored now
 * @param step the step of that
 * @param directive what the run is told to do
 */
public record KeptSketch(boolean kept, int attempt, long step, Directive directive) {}
