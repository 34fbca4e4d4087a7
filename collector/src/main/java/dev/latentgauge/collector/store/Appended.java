package dev.latentgauge.collector.store;

import dev.latentgauge.observation.Directive;

/**
 * What became of a batch.
 *
 * @param accepted how many observations were new and are stored, at least 0
 * @param duplicates how many were there already, at least 0
 * @param directive what the training should do now
 */
public record Appended(int accepted, int duplicates, Directive directive) {}
