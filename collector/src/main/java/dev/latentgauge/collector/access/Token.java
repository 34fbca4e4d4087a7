package dev.latentgauge.collector.access;

import dev.latentgauge.observation.Names;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of a token; it cannot be made again from that.
 *
 * @param name what people call it, as names of runs are
 * @param scopes what it allows, at least one
 * @param createdAt when it was made
 * @param expiresAt when it ends; empty if it does not
 * @param digest of the secret
 */
record Token(
    String name, Set<Scope> scopes, Instant createdAt, Optional<Instant> expiresAt, Digest digest) {

  Token {
    Names.require("the name of a token", name);
    scopes = Set.copyOf(scopes);
    if (scopes.isEmpty()) {
      throw new IllegalArgumentException("the token " + name + " must have a scope, but has none");
    }
  }

  boolean allows(Scope scope) {
    return scopes.contains(scope) || scopes.contains(Scope.ADMIN);
  }

  boolean isGoodAt(Instant time) {
    return expiresAt.filter(end -> !time.isBefore(end)).isEmpty();
  }

  TokenSummary summary() {
    return new TokenSummary(name, scopes, createdAt, expiresAt);
  }
}
