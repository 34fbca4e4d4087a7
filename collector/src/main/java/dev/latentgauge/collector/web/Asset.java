package dev.latentgauge.collector.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Optional;

/**
 * A file of the live page, ready to be sent.
 *
 * <p>Browsers may keep it, but ask each time whether it is still so: then a page is never made of
 * files of two versions. Plain and compressed have tags of their own, as they are different bytes.
 *
 * @param plain the answer as it is
 * @param compressed the answer for who accepts gzip; the plain one if that is not longer
 */
record Asset(Answer plain, Answer compressed) {

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "txt", "text/plain; charset=utf-8");

  /**
   * A file.
   *
   * @throws IllegalStateException if its name does not end like that of a known type
   */
  static Asset of(String name, Buffer content) {
    Answer plain =
        Answer.of(200, type(name), content)
            .varying("Accept-Encoding")
            .with("cache-control", "no-cache");
    Answer compressed = plain.compressed();
    return new Asset(
        plain.tagged(),
        compressed.length() < plain.length() ? compressed.tagged() : plain.tagged());
  }

  private static String type(String name) {
    return Optional.ofNullable(TYPES.get(name.substring(name.lastIndexOf('.') + 1)))
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "a file of the page must end in one of "
                        + TYPES.keySet().stream().sorted().toList()
                        + ", but one is "
                        + name));
  }

  /** The answer that a client accepts. */
  Answer answer(HttpServerRequest request) {
    return Gzip.isAccepted(request.getHeader(HttpHeaders.ACCEPT_ENCODING)) ? compressed : plain;
  }
}
