package dev.latentgauge.relative;

/**
 * Why there is no score.
 *
 * @param reason a short phrase for people, such as {@code "non-finite embeddings"}
 */
public record Undefined(String reason) implements Outcome {}
