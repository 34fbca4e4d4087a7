package dev.latentgauge.collector.access;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What may be told of a token.
 *
 * @param name what people call it
 * @param scopes what it allows
 * @param createdAt when it was made
 * @param expiresAt when it ends; empty if it does not
 */
public record TokenSummary(
    String name, Set<Scope> scopes, Instant createdAt, Optional<Instant> expiresAt) {}
