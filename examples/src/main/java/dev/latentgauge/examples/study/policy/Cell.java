package dev.latentgauge.examples.study.policy;

/**
 * A way to stop runs.
 *
 * @param schedule how they train
 * @param rule by which they are stopped
 * @param watched what it looks at
 */
record Cell(Schedule schedule, Rule rule, Watched watched) {}
