package dev.latentgauge.collector.web;

import io.vertx.core.http.HttpServerResponse;

/**
 * What every answer tells a browser: run and load nothing that is not from here, make no text a
 * part of a page but by the library that escapes it, show nothing of it inside another page, guess
 * no types, and tell other sites nothing.
 */
final class SecurityHeaders {

  private static final String POLICY =
      "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
          + " frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html";

  /** A year. It holds for the host with all its ports, but not for hosts below it. */
  private static final String ONLY_HTTPS = "max-age=31536000";

  private SecurityHeaders() {}

  static void addTo(HttpServerResponse response, boolean tls) {
    response.putHeader("content-security-policy", POLICY);
    response.putHeader("x-content-type-options", "nosniff");
    response.putHeader("x-frame-options", "DENY");
    response.putHeader("referrer-policy", "no-referrer");
    response.putHeader("cross-origin-opener-policy", "same-origin");
    response.putHeader("cross-origin-resource-policy", "same-origin");
    if (tls) {
      response.putHeader("strict-transport-security", ONLY_HTTPS);
    }
  }
}
