package dev.latentgauge.collector.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PacedTest {

  private static final int PIECES = 64;
  private static final int PIECE = 1 << 20;

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void aClientThatDoesNotReadIsNotSentMoreThanTheNetworkHoldsAndGetsAllWhenItDoes()
      throws Exception {
    Random random = new Random(1);
    List<Buffer> body = new ArrayList<>();
    for (int i = 0; i < PIECES; i++) {
      byte[] piece = new byte[PIECE - i];
      random.nextBytes(piece);
      body.add(Buffer.buffer(piece));
    }
    CompletableFuture<HttpServerResponse> response = new CompletableFuture<>();
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  request
                      .response()
                      .setChunked(false)
                      .putHeader("content-length", "" + length(body));
                  Paced.send(request.response(), body);
                  response.complete(request.response());
                })
            .listen(0)
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(1 << 16);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.actualPort()));
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      while (!response.join().writeQueueFull()) {
        Thread.onSpinWait();
      }
      assertThat(response.join().bytesWritten()).isLessThan(PIECES * PIECE / 4);
      InputStream in = socket.getInputStream();
      for (String head = ""; !head.endsWith("\r\n\r\n"); ) {
        head += (char) in.read();
      }
      for (Buffer piece : body) {
        assertThat(in.readNBytes(piece.length())).isEqualTo(piece.getBytes());
      }
    }
  }

  private static long length(List<Buffer> body) {
    return body.stream().mapToLong(Buffer::length).sum();
  }
}
