package dev.latentgauge.collector.exposition;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * An answer to a scrape.
 *
 * @param contentType the format
 * @param gzip whether the body is compressed
 * @param body the answer, in pieces
 */
public record Rendering(String contentType, boolean gzip, List<Buffer> body) {

  /** Keeps an unmodifiable copy of the list. */
  public Rendering {
    body = List.copyOf(body);
  }
}
