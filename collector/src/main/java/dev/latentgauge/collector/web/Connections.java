package dev.latentgauge.collector.web;

import dev.latentgauge.collector.ingest.Rejection;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The open connections: no more than there may be, none that waits for a request for ever, and none
 * that goes on where it is unclear where a request ended.
 *
 * <p>A connection must bring its next request, head and all, in the time that it may be silent: who
 * sends a byte now and then is not silent, and could keep it otherwise. Thread-safe.
 */
public final class Connections implements Handler<HttpConnection> {

  private final Vertx vertx;
  private final int most;
  private final int mostOfAddress;
  private final Duration patience;
  private final Consumer<Rejection> refused;
  private final Map<HttpConnection, Open> open = new HashMap<>();
  private final Map<String, Integer> ofAddresses = new HashMap<>();

  /** An open connection. */
  private static final class Open {
    private final String address;
    private @Nullable Long timer;
    private boolean last;

    Open(String address) {
      this.address = address;
    }
  }

  /**
   * No connections yet.
   *
   * @param vertx has timers
   * @param most how many there may be, at least 1
   * @param mostOfAddress how many there may be from one address, at least 1
   * @param patience how long one may take to bring its next request, at least 1 ms
   * @param refused hears of each that is closed at once
   */
  public Connections(
      Vertx vertx, int most, int mostOfAddress, Duration patience, Consumer<Rejection> refused) {
    this.vertx = vertx;
    this.most = most;
    this.mostOfAddress = mostOfAddress;
    this.patience = patience;
    this.refused = refused;
  }

  /** Takes a new connection, or closes it. */
  @Override
  public void handle(HttpConnection connection) {
    String address = String.valueOf(connection.remoteAddress().hostAddress());
    if (!enter(connection, address)) {
      refused.accept(
          new Rejection(
              Rejection.Reason.CONNECTIONS,
              Optional.empty(),
              "connections must be at most " + most + ", and as many are open"));
      connection.close();
      return;
    }
    connection.closeHandler(closed -> leave(connection));
    await(connection);
  }

  private synchronized boolean enter(HttpConnection connection, String address) {
    if (open.size() >= most || ofAddresses.getOrDefault(address, 0) >= mostOfAddress) {
      return false;
    }
    open.put(connection, new Open(address));
    ofAddresses.merge(address, 1, Integer::sum);
    return true;
  }

  private synchronized void leave(HttpConnection connection) {
    Open left = open.remove(connection);
    if (left != null) {
      cancel(left);
      ofAddresses.computeIfPresent(
          left.address, (address, number) -> number == 1 ? null : number - 1);
    }
  }

  private synchronized void await(HttpConnection connection) {
    Open awaited = open.get(connection);
    if (awaited != null) {
      cancel(awaited);
      awaited.timer = vertx.setTimer(patience.toMillis(), fired -> connection.close());
    }
  }

  private void cancel(Open connection) {
    if (connection.timer != null) {
      vertx.cancelTimer(connection.timer);
      connection.timer = null;
    }
  }

  /** Takes a request; false if the one before it was to be the last. */
  synchronized boolean begin(HttpConnection connection) {
    Open begun = open.get(connection);
    if (begun == null || begun.last) {
      return false;
    }
    cancel(begun);
    return true;
  }

  /** Says that nothing more is read from a connection after this request. */
  synchronized void endAfterThis(HttpConnection connection) {
    Open ending = open.get(connection);
    if (ending != null) {
      ending.last = true;
    }
  }

  /**
   * Says that a request was answered.
   *
   * @param whole whether all of it had arrived; if not, the client gets to read the answer, for as
   *     long as the next request may take
   */
  void answered(HttpConnection connection, boolean whole) {
    if (whole && isLast(connection)) {
      connection.close();
    } else {
      await(connection);
    }
  }

  /** Whether nothing more is read from a connection. */
  synchronized boolean isLast(HttpConnection connection) {
    Open known = open.get(connection);
    return known != null && known.last;
  }

  /** How many there are. */
  synchronized int count() {
    return open.size();
  }
}
