package dev.latentgauge.examples.study.policy;

/**
 * When a run is looked at.
 *
 * @param run its place in the group
 * @param snapshot which of its snapshots, from 0
 */
record Turn(int run, int snapshot) {}
