package dev.latentgauge.collector;

import dev.latentgauge.collector.access.Scope;
import dev.latentgauge.collector.access.TokenFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Tokens for tests. */
public final class TestTokens {

  private TestTokens() {}

  /** Makes a token in a folder of data, for ever. */
  public static String create(Path data, String name, Scope... scopes) {
    try {
      return TokenFile.at(data.resolve(TokenFile.NAME))
          .create(name, Set.of(scopes), Optional.empty(), Instant.parse("2026-05-06T07:08:09Z"))
          .reveal();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
