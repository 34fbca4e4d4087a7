package dev.latentgauge.benchmarks;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Clients that send a server one request after the other, for a time, each on a connection of its
 * own: the next when the last was answered.
 */
final class Burst {

  private final Vertx vertx;
  private final HttpClient client;
  private final URI server;
  private final long nanos;
  private final List<Long> latencies = new ArrayList<>();
  private long end;
  private long refused;

  /** A request. */
  record Shot(HttpMethod method, String path, String contentType, Buffer body) {}

  /** What the next request of a client is. */
  interface Shots {
    Shot next(int client);
  }

  /**
   * What came of it.
   *
   * @param seconds how long it took
   * @param requests how many were answered well
   * @param refused how many were not
   * @param medianMillis half of them were answered sooner
   * @param highMillis 99 % of them were answered sooner
   */
  record Result(
      double seconds, int requests, long refused, double medianMillis, double highMillis) {
    double perSecond() {
      return requests / seconds;
    }
  }

  private Burst(Vertx vertx, HttpClient client, URI server, double seconds) {
    this.vertx = vertx;
    this.client = client;
    this.server = server;
    this.nanos = (long) (seconds * TimeUnit.SECONDS.toNanos(1));
  }

  /** Sends for a time, and waits for the last answers. */
  static Result fire(Vertx vertx, URI server, int clients, double seconds, Shots shots) {
    HttpClient client =
        vertx.createHttpClient(
            new HttpClientOptions().setPipelining(false),
            new PoolOptions().setHttp1MaxSize(clients).setEventLoopSize(1));
    try {
      return new Burst(vertx, client, server, seconds).run(clients, shots);
    } finally {
      await(client.close());
    }
  }

  private Result run(int clients, Shots shots) {
    long begin = System.nanoTime();
    end = begin + nanos;
    Promise<Void> done = Promise.promise();
    // On one event loop, so that nothing here is shared between threads.
    vertx.runOnContext(
        started -> {
          List<Future<Void>> all = new ArrayList<>();
          for (int i = 0; i < clients; i++) {
            Promise<Void> last = Promise.promise();
            all.add(last.future());
            send(i, shots, last);
          }
          Future.join(all).<Void>mapEmpty().onComplete(done);
        });
    await(done.future());
    double seconds = (System.nanoTime() - begin) / 1e9;
    return new Result(
        seconds,
        latencies.size(),
        refused,
        Quantiles.of(latencies, 0.5) / 1e6,
        Quantiles.of(latencies, 0.99) / 1e6);
  }

  private void send(int number, Shots shots, Promise<Void> last) {
    long start = System.nanoTime();
    if (start >= end) {
      last.complete();
      return;
    }
    Shot shot = shots.next(number);
    client
        .request(shot.method, server.getPort(), server.getHost(), shot.path)
        .compose(
            request -> {
              request.putHeader("content-type", shot.contentType);
              return request
                  .send(shot.body)
                  .compose(answer -> answer.body().map(body -> answer.statusCode() / 100 == 2));
            })
        .onSuccess(
            taken -> {
              if (taken) {
                latencies.add(System.nanoTime() - start);
              } else {
                refused++;
              }
              send(number, shots, last);
            })
        .onFailure(last::fail);
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
