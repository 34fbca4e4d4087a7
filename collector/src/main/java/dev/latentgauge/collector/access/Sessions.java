package dev.latentgauge.collector.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who is signed in, in memory: a browser has a secret of its own, and not the token. A session ends
 * after twelve hours, with its token, with the process, or when its token has a hundred later ones.
 * Thread-safe.
 */
final class Sessions {

  static final Duration LIFE = Duration.ofHours(12);
  static final int MOST_OF_A_TOKEN = 100;

  private final Tokens tokens;
  private final InstantSource clock;

  /** In the order in which they were opened, which is that of their ends. */
  private final Map<Digest, Session> sessions = new LinkedHashMap<>();

  private record Session(Digest token, Instant end) {}

  Sessions(Tokens tokens, InstantSource clock) {
    this.tokens = tokens;
    this.clock = clock;
  }

  /** Signs in by a token that is in force. */
  synchronized Secret open(Token token) {
    dropEnded();
    if (count(token) >= MOST_OF_A_TOKEN) {
      dropOldest(token);
    }
    Secret secret = Secret.session();
    sessions.put(secret.digest(), new Session(token.digest(), clock.instant().plus(LIFE)));
    return secret;
  }

  /** The token of a session, if both are in force. */
  synchronized Optional<Token> find(String secret) {
    return Optional.ofNullable(sessions.get(Digest.of(secret)))
        .filter(session -> clock.instant().isBefore(session.end()))
        .flatMap(session -> tokens.find(session.token()));
  }

  /** Signs out, if it is signed in. */
  synchronized void close(String secret) {
    sessions.remove(Digest.of(secret));
  }

  private void dropEnded() {
    sessions
        .values()
        .removeIf(
            session ->
                !clock.instant().isBefore(session.end()) || tokens.find(session.token()).isEmpty());
  }

  private long count(Token token) {
    return sessions.values().stream()
        .filter(session -> session.token().equals(token.digest()))
        .count();
  }

  private void dropOldest(Token token) {
    Iterator<Session> each = sessions.values().iterator();
    while (each.hasNext()) {
      if (each.next().token().equals(token.digest())) {
        each.remove();
        return;
      }
    }
  }
}
