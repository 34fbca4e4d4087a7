package dev.latentgauge.benchmarks;

import io.vertx.core.Vertx;

/** A server of Vert.x that reads what it is sent, and answers that it did: nothing is faster. */
final class EmptyServer {

  private EmptyServer() {}

  /**
   * Serves until it is ended.
   *
   * @param arguments the port on the loopback interface
   */
  public static void main(String[] arguments) {
    Vertx.vertx()
        .createHttpServer()
        .requestHandler(request -> request.body().onSuccess(body -> request.response().end("{}")))
        .listen(Integer.parseInt(arguments[0]), "127.0.0.1");
  }
}
