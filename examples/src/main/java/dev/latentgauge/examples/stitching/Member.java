package dev.latentgauge.examples.stitching;

/**
 * One of the trainings of an experiment.
 *
 * @param kind what it has in common with its repetitions: an architecture, an encoder; of {@code
 *     [A-Za-z0-9 .-]}
 * @param seed what distinguishes it from them
 */
public record Member(String kind, int seed) {}
