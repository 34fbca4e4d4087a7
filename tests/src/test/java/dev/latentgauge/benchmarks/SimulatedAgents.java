package dev.latentgauge.benchmarks;

import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.Wire;
import dev.latentgauge.relative.Score;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Very many agents in one process, each with a run and a connection of its own. What is not
 * acknowledged is sent again after a second, and nothing else before it; what has become due
 * meanwhile is sent after it.
 *
 * <p>All belong to one event loop.
 */
final class SimulatedAgents {

  private static final long PAUSE_MS = 1000;
  private static final long PATIENCE_MS = 30_000;

  private final Vertx vertx;
  private final HttpClientAgent client;
  private final long intervalMillis;
  private final List<Agent> agents = new ArrayList<>();
  private final SplittableRandom random = new SplittableRandom(1);
  private final Context loop;

  // Since the last row.
  private List<Long> latencies = new ArrayList<>();
  private long acknowledged;
  private long repeated;

  /**
   * Agents that have said nothing yet.
   *
   * @param balancers where they report to, in turn
   * @param count how many there are
   * @param interval how often each reports
   */
  SimulatedAgents(
      Vertx vertx, HttpClientAgent client, List<URI> balancers, int count, Duration interval) {
    this.vertx = vertx;
    this.client = client;
    this.intervalMillis = interval.toMillis();
    this.loop = vertx.getOrCreateContext();
    for (int i = 0; i < count; i++) {
      agents.add(
          new Agent(
              String.format(Locale.ROOT, "agent-%05d", i), balancers.get(i % balancers.size())));
    }
  }

  /** Reports until there is enough; the future completes when the last report is acknowledged. */
  Future<Void> start(BooleanSupplier enough) {
    Promise<Void> all = Promise.promise();
    loop.runOnContext(
        begun -> {
          List<Future<Void>> ends = new ArrayList<>();
          for (Agent agent : agents) {
            ends.add(agent.end.future());
            vertx.setTimer(1 + random.nextLong(intervalMillis), fired -> agent.report(enough));
          }
          Future.all(ends).<Void>mapEmpty().onComplete(all);
        });
    return all.future();
  }

  /** What was acknowledged so far, by run. */
  Map<String, Long> acknowledged() {
    return onLoop(
        () -> {
          Map<String, Long> all = new HashMap<>();
          agents.forEach(agent -> all.put(agent.run, agent.step));
          return all;
        });
  }

  /**
   * What happened since the last row.
   *
   * @param seconds since the beginning
   * @param what had happened to the collectors
   */
  Cell[] row(int seconds, String what) {
    return onLoop(
        () -> {
          Cell[] row = {
            Cell.ofCount(seconds),
            Cell.of(what),
            Cell.ofCount(acknowledged),
            Cell.ofCount(repeated),
            Cell.of(Quantiles.of(latencies, 0.5) / 1e6),
            Cell.of(Quantiles.of(latencies, 0.99) / 1e6),
            Cell.of(Quantiles.of(latencies, 1) / 1e6)
          };
          latencies = new ArrayList<>();
          acknowledged = 0;
          repeated = 0;
          return row;
        });
  }

  private <T> T onLoop(java.util.function.Supplier<T> work) {
    Promise<T> result = Promise.promise();
    loop.runOnContext(reached -> result.complete(work.get()));
    return result.future().toCompletionStage().toCompletableFuture().join();
  }

  private final class Agent {
    private final String run;
    private final URI collector;
    private final Promise<Void> end = Promise.promise();
    private Optional<HttpClientConnection> connection = Optional.empty();
    private long step;
    private long due;

    Agent(String run, URI collector) {
      this.run = run;
      this.collector = collector;
    }

    /** Reports what is due, and then at the next time. */
    void report(BooleanSupplier enough) {
      if (enough.getAsBoolean()) {
        connection.ifPresent(HttpClientConnection::close);
        end.complete();
        return;
      }
      due = due == 0 ? System.nanoTime() : due + TimeUnit.MILLISECONDS.toNanos(intervalMillis);
      send(
          () -> {
            latencies.add(System.nanoTime() - due);
            acknowledged++;
            step++;
            long next = due + TimeUnit.MILLISECONDS.toNanos(intervalMillis) - System.nanoTime();
            vertx.setTimer(
                Math.max(1, TimeUnit.NANOSECONDS.toMillis(next)), fired -> report(enough));
          });
    }

    private void send(Runnable then) {
      connected()
          .compose(
              open ->
                  open.request(
                      new RequestOptions()
                          .setMethod(HttpMethod.POST)
                          .setHost(collector.getHost())
                          .setPort(collector.getPort())
                          .setURI("/v1/runs/" + run + "/observations")
                          .putHeader("content-type", "application/json")))
          .compose(request -> request.idleTimeout(PATIENCE_MS).send(Buffer.buffer(body())))
          .compose(answer -> answer.body().map(body -> answer.statusCode()))
          .onSuccess(
              status -> {
                if (status == 200) {
                  then.run();
                } else {
                  again(then);
                }
              })
          .onFailure(
              failure -> {
                connection.ifPresent(HttpClientConnection::close);
                connection = Optional.empty();
                again(then);
              });
    }

    private void again(Runnable then) {
      repeated++;
      vertx.setTimer(PAUSE_MS, fired -> send(then));
    }

    private Future<HttpClientConnection> connected() {
      if (connection.isPresent()) {
        return Future.succeededFuture(connection.get());
      }
      return client
          .connect(
              new HttpConnectOptions().setHost(collector.getHost()).setPort(collector.getPort()))
          .onSuccess(
              open -> {
                connection = Optional.of(open);
                open.closeHandler(closed -> connection = Optional.empty());
              });
    }

    private String body() {
      Observation observation =
          Observation.builder(
                  new Observation.Key(1, "encoder", "good@0123456789ab", step),
                  Instant.EPOCH,
                  "soft",
                  new Score(0.75, 0.5, 1.0 / (1 + step), 0.0625, 512, 128))
              .epoch(step / 1000.0)
              .build();
      return Wire.write(List.of(observation));
    }
  }
}
