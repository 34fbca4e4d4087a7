package dev.latentgauge.relative;

/** What a measurement came to: a {@link Score}, or {@link Undefined} with the reason. */
public sealed interface Outcome permits Score, Undefined {}
