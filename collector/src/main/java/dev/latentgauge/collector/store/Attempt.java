package dev.latentgauge.collector.store;

/**
 * What is stored of an attempt of a run.
 *
 * @param number the attempt, at least 1
 * @param observations how many there are, at least 1
 * @param firstStep the lowest step of one
 * @param lastStep the highest step of one
 */
public record Attempt(int number, long observations, long firstStep, long lastStep) {}
