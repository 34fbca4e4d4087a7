package dev.latentgauge.collector.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * A body that is sent piece by piece, as fast as the client reads: given to the network as a whole,
 * it would be copied for each client, and a hundred slow ones would take a hundred times its size.
 *
 * <p>Used on the event loop of its response.
 */
final class Paced {

  private static final int PIECE = 1 << 16;

  private final HttpServerResponse response;
  private final Buffer body;
  private int sent;

  private Paced(HttpServerResponse response, Buffer body) {
    this.response = response;
    this.body = body;
  }

  /** Sends a body of which the response has the length already. */
  static void send(HttpServerResponse response, Buffer body) {
    if (body.length() <= PIECE) {
      response.end(body);
    } else {
      new Paced(response, body).go();
    }
  }

  private void go() {
    while (sent < body.length() && !response.closed()) {
      if (response.writeQueueFull()) {
        response.drainHandler(drained -> go());
        return;
      }
      int end = Math.min(sent + PIECE, body.length());
      response.write(body.slice(sent, end));
      sent = end;
    }
    if (!response.closed() && !response.ended()) {
      response.end();
    }
  }
}
