package dev.latentgauge.collector.web;

import com.google.gson.JsonObject;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** An answer to a request; its body may come in pieces. */
record Answer(int status, Map<String, String> headers, List<Buffer> body) {

  private static final String JSON = "application/json";
  private static final String VARY = "vary";
  private static final String ETAG = "etag";
  private static final String WEAK = "W/";

  static Answer json(int status, JsonObject document) {
    return of(status, JSON, document + "\n");
  }

  /** A document that is written already, with its end of the line. */
  static Answer json(int status, Buffer document) {
    return of(status, JSON, document);
  }

  static Answer empty() {
    return new Answer(204, Map.of(), List.of());
  }

  static Answer of(int status, String contentType, String body) {
    return of(status, contentType, Buffer.buffer(body));
  }

  static Answer of(int status, String contentType, Buffer body) {
    return new Answer(status, Map.of("content-type", contentType), List.of(body));
  }

  Answer with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, body);
  }

  /** Says that the answer depends on a header of the request, besides those that it is said of. */
  Answer varying(String header) {
    String known = headers.getOrDefault(VARY, "");
    return with(VARY, known.isEmpty() ? header : known + ", " + header);
  }

  /** Whether the client says that it has what {@code etag} tells of. */
  boolean isKnown(HttpServerRequest request) {
    String known = request.getHeader(HttpHeaders.IF_NONE_MATCH);
    String tag = headers.get(ETAG);
    return known != null
        && tag != null
        && Arrays.stream(known.split(",", -1))
            .map(candidate -> strong(candidate.strip()))
            .anyMatch(candidate -> candidate.equals(strong(tag)) || candidate.equals("*"));
  }

  private static String strong(String tag) {
    return tag.startsWith(WEAK) ? tag.substring(WEAK.length()) : tag;
  }

  /** Says that what the client has is still so. */
  Answer unchanged() {
    Map<String, String> fewer = new HashMap<>(headers);
    fewer.remove("content-type");
    fewer.remove("content-encoding");
    return new Answer(304, fewer, List.of());
  }

  /** Names the content, so that a client that has it need not fetch it again. */
  Answer tagged(String name) {
    return with(ETAG, quoted(name));
  }

  private static String quoted(String name) {
    return "\"" + name + "\"";
  }

  /** Names the content by its digest. */
  Answer tagged() {
    return with(ETAG, digest());
  }

  /** Names the content by its digest, whether or not it will be compressed. */
  Answer weaklyTagged() {
    return with(ETAG, WEAK + digest());
  }

  private String digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      body.forEach(piece -> digest.update(piece.getBytes()));
      return quoted(HexFormat.of().formatHex(digest.digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** How many bytes the body has. */
  long length() {
    return body.stream().mapToLong(Buffer::length).sum();
  }

  boolean isJson() {
    return JSON.equals(headers.get("content-type"));
  }

  Answer compressed() {
    return new Answer(status, headers, Gzip.compressed(body)).with("content-encoding", "gzip");
  }
}
