package dev.latentgauge.collector.web;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;

/**
 * Where a body goes while it arrives. Used on one event loop.
 *
 * @param <T> what the whole body is, in the end
 */
interface BodySink<T> {

  /** Makes ready; nothing is written before that. */
  Future<Void> open();

  /** Takes the next piece. */
  Future<Void> write(Buffer piece);

  /** Whether it would rather wait before the next piece. */
  boolean isFull();

  /** Says when it waited long enough. */
  void whenRoom(Handler<Void> ready);

  /** Makes whole what was written. */
  Future<T> finish();

  /** Lets go of what was written. */
  void discard();

  /** Keeps a body in memory. */
  final class InMemory implements BodySink<Buffer> {
    private final Buffer body = Buffer.buffer();

    @Override
    public Future<Void> open() {
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> write(Buffer piece) {
      body.appendBuffer(piece);
      return Future.succeededFuture();
    }

    @Override
    public boolean isFull() {
      return false;
    }

    @Override
    public void whenRoom(Handler<Void> ready) {
      ready.handle(null);
    }

    @Override
    public Future<Buffer> finish() {
      return Future.succeededFuture(body);
    }

    @Override
    public void discard() {}
  }
}
