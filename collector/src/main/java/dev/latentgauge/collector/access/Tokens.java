package dev.latentgauge.collector.access;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens that are in force, which follow their file.
 *
 * <p>Once there has been a file, nobody gets in without a token: not when the last one is revoked,
 * not when the file is damaged or gone. What was read last stays in force then. Thread-safe.
 */
final class Tokens {

  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

  private final TokenFile file;
  private final InstantSource clock;
  private volatile Known known;
  private String complaint = "";

  /**
   * What was read last.
   *
   * @param required whether a token is needed
   */
  private record Known(boolean required, List<Token> tokens) {}

  private Tokens(TokenFile file, InstantSource clock, Known known) {
    this.file = file;
    this.clock = clock;
    this.known = known;
  }

  /**
   * Reads the file for the first time.
   *
   * @param required whether tokens are needed even while there is no file
   * @throws IOException if it is damaged, or others may write it
   */
  static Tokens open(TokenFile file, boolean required, InstantSource clock) throws IOException {
    Optional<List<Token>> read = file.read();
    return new Tokens(file, clock, new Known(required || read.isPresent(), read.orElse(List.of())));
  }

  /** Looks whether the file has changed; says once what is wrong with it. */
  synchronized void refresh() {
    Known before = known;
    try {
      Optional<List<Token>> read = file.read();
      if (read.isEmpty() && before.required() && !before.tokens().isEmpty()) {
        throw new IOException("the token file " + file + " is gone");
      }
      List<Token> now = read.orElse(List.of());
      known = new Known(before.required() || read.isPresent(), now);
      if (!now.equals(before.tokens())) {
        LOG.info("{} tokens are in force", now.size());
      }
      complaint = "";
    } catch (IOException e) {
      // Whoever put a file there wants no door without a lock.
      known = new Known(true, before.tokens());
      complain(e.getMessage() + "; the " + before.tokens().size() + " tokens read before stay");
    }
  }

  private void complain(String message) {
    if (!message.equals(complaint)) {
      LOG.error("{}", message);
      complaint = message;
    }
  }

  /** Whether a token is needed. */
  boolean required() {
    return known.required();
  }

  /** Whether there is one that lets somebody in now. */
  boolean any() {
    return known.tokens().stream().anyMatch(token -> token.isGoodAt(clock.instant()));
  }

  /** The token of a secret, if it is in force; looks at all of them, whichever it is. */
  Optional<Token> find(Digest digest) {
    @Nullable Token found = null;
    for (Token token : known.tokens()) {
      if (token.digest().equals(digest)) {
        found = token;
      }
    }
    return Optional.ofNullable(found).filter(token -> token.isGoodAt(clock.instant()));
  }
}
