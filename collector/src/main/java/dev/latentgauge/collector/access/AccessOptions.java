package dev.latentgauge.collector.access;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a collector is guarded. Immutable.
 *
 * @param tokenFile where tokens are; empty for {@link TokenFile#NAME} in the folder of data
 * @param tokensRequired whether a token is needed even where there is no token file
 * @param behindProxy whether a proxy does TLS, and says in {@code X-Forwarded-For} who came
 * @param tls where certificate and key are; empty for plain http
 * @param limits how much one client may do
 */
public record AccessOptions(
    Optional<Path> tokenFile,
    boolean tokensRequired,
    boolean behindProxy,
    Optional<TlsFiles> tls,
    RateLimits limits) {

  /** For a collector on loopback. */
  public static final AccessOptions DEFAULT =
      new AccessOptions(Optional.empty(), false, false, Optional.empty(), RateLimits.DEFAULT);

  /**
   * The same with tokens in another file.
   *
   * @param file where they are
   * @return other options
   */
  public AccessOptions withTokenFile(Path file) {
    return new AccessOptions(Optional.of(file), tokensRequired, behindProxy, tls, limits);
  }

  /**
   * The same, but a token is always needed.
   *
   * @return other options
   */
  public AccessOptions requiringTokens() {
    return new AccessOptions(tokenFile, true, behindProxy, tls, limits);
  }

  /**
   * The same behind a proxy.
   *
   * @return other options
   */
  public AccessOptions withProxy() {
    return new AccessOptions(tokenFile, tokensRequired, true, tls, limits);
  }

  /**
   * The same with TLS.
   *
   * @param files where certificate and key are
   * @return other options
   */
  public AccessOptions withTls(TlsFiles files) {
    return new AccessOptions(tokenFile, tokensRequired, behindProxy, Optional.of(files), limits);
  }

  /**
   * The same with other limits.
   *
   * @param other how much one client may do
   * @return other options
   */
  public AccessOptions withLimits(RateLimits other) {
    return new AccessOptions(tokenFile, tokensRequired, behindProxy, tls, other);
  }
}
