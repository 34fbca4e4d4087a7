package dev.latentgauge.delivery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;

/** A collector that answers as it is told, and keeps what it was asked. */
final class TestServer implements AutoCloseable {

  /** What was asked. */
  record Request(String method, String path, String body, Optional<String> authorization) {
    String line() {
      return method + " " + path;
    }
  }

  /** What to answer. */
  record Reply(int status, String body, Map<String, String> headers) {
    static Reply of(int status) {
      return new Reply(status, "because", Map.of());
    }
  }

  /** Decides what to answer. */
  interface Behaviour {
    Reply reply(Request request);
  }

  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private volatile Behaviour behaviour;

  private TestServer(HttpServer server, Behaviour behaviour) {
    this.server = server;
    this.behaviour = behaviour;
    server.createContext("/", this::handle);
    server.start();
  }

  static TestServer start(Behaviour behaviour) throws IOException {
    return new TestServer(
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0),
        behaviour);
  }

  static TestServer start(int status) throws IOException {
    return start(request -> Reply.of(status));
  }

  static TestServer startTls(SSLContext context, Behaviour behaviour) throws IOException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return new TestServer(server, behaviour);
  }

  void behave(Behaviour now) {
    behaviour = now;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Request request =
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
              Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")));
      Reply reply = behaviour.reply(request);
      requests.add(request);
      if (reply.status() / 100 == 4) {
        exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
      }
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(reply.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  List<String> lines() {
    return requests.stream().map(Request::line).toList();
  }

  URI address() {
    String scheme = server instanceof HttpsServer ? "https" : "http";
    return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
