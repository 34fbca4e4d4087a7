package dev.latentgauge.collector.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Iterator;
import java.util.List;

/**
 * A body that is sent piece by piece, as fast as the client reads: given to the network as a whole,
 * it would be copied for each client, and a hundred slow ones would take a hundred times its size.
 *
 * <p>Used on the event loop of its response.
 */
final class Paced {

  private static final int PIECE = 1 << 16;

  private final HttpServerResponse response;
  private final Iterator<Buffer> pieces;
  private Buffer piece = Buffer.buffer();
  private int sent;

  private Paced(HttpServerResponse response, List<Buffer> pieces) {
    this.response = response;
    this.pieces = pieces.iterator();
  }

  /** Sends a body of which the response has the length already. */
  static void send(HttpServerResponse response, List<Buffer> body) {
    if (body.size() == 1 && body.get(0).length() <= PIECE) {
      response.end(body.get(0));
    } else {
      new Paced(response, body).go();
    }
  }

  private void go() {
    while (!response.closed() && !response.ended()) {
      if (response.writeQueueFull()) {
        response.drainHandler(drained -> go());
        return;
      }
      if (sent < piece.length()) {
        int end = Math.min(sent + PIECE, piece.length());
        response.write(piece.slice(sent, end));
        sent = end;
      } else if (pieces.hasNext()) {
        piece = pieces.next();
        sent = 0;
      } else {
        response.end();
      }
    }
  }
}
