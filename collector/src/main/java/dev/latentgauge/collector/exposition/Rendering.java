package dev.latentgauge.collector.exposition;

import io.vertx.core.buffer.Buffer;

/**
 * An answer to a scrape.
 *
 * @param contentType the format
 * @param gzip whether the body is compressed
 * @param body the answer
 */
public record Rendering(String contentType, boolean gzip, Buffer body) {}
