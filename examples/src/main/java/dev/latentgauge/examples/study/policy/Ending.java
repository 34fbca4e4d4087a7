package dev.latentgauge.examples.study.policy;

/**
 * How a run ended under a policy.
 *
 * @param isWhole whether it was trained to its end
 * @param spent the steps that it took
 */
record Ending(boolean isWhole, long spent) {}
