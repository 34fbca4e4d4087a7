package dev.latentgauge.collector.access;

import java.util.Optional;

/**
 * A request, as far as it matters for whether it is let in. What the client sent is not checked.
 *
 * @param method in capitals
 * @param path as the router matches it
 * @param host the header {@code Host}
 * @param authorization the header {@code Authorization}
 * @param session the cookie of a session
 * @param origin the header {@code Origin}
 * @param fetchSite the header {@code Sec-Fetch-Site}
 * @param peer the address that it came from
 * @param forwardedFor the header {@code X-Forwarded-For}
 */
public record Knock(
    String method,
    String path,
    Optional<String> host,
    Optional<String> authorization,
    Optional<String> session,
    Optional<String> origin,
    Optional<String> fetchSite,
    String peer,
    Optional<String> forwardedFor) {

  /** Without what is secret. */
  @Override
  public String toString() {
    return method + " from " + peer;
  }
}
