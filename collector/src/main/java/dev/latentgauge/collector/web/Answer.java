package dev.latentgauge.collector.web;

import com.google.gson.JsonObject;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;

/** An answer to a request. */
record Answer(int status, Map<String, String> headers, Buffer body) {

  static Answer json(int status, JsonObject document) {
    return of(status, "application/json", document + "\n");
  }

  static Answer text(String text) {
    return of(200, "text/plain; charset=utf-8", text);
  }

  static Answer empty() {
    return new Answer(204, Map.of(), Buffer.buffer());
  }

  static Answer of(int status, String contentType, String body) {
    return new Answer(status, Map.of("content-type", contentType), Buffer.buffer(body));
  }

  Answer with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, body);
  }
}
