package dev.latentgauge.collector.store;

/**
 * How a run stands at a checkpoint.
 *
 * @param run the name of the run
 * @param attempt of the run, from 1
 * @param bracket the bracket that the run is in, from 0
 * @param checkpoint the checkpoint, in what the policy counts
 * @param step the first step that was observed there
 * @param value what it had there, or last before it
 */
public record Standing(
    String run, int attempt, int bracket, double checkpoint, long step, double value) {}
