package dev.latentgauge.collector.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands between a client and PostgreSQL, and cuts them apart when a commit is about to be
 * answered.
 */
final class CuttingProxy implements AutoCloseable {

  private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private static final int LARGE = 4096;

  private final AtomicBoolean cuts = new AtomicBoolean();
  private final AtomicBoolean freezes = new AtomicBoolean();
  private final int server;

  CuttingProxy(int server) throws IOException {
    this.server = server;
    start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  void cutNextCommit() {
    cuts.set(true);
  }

  /** Passes only a part of the next long message of a client, and nothing more after it. */
  void freezeInNextLongMessage() {
    freezes.set(true);
  }

  private void accept() throws IOException {
    while (!listening.isClosed()) {
      Socket client = listening.accept();
      Socket there = new Socket(InetAddress.getLoopbackAddress(), server);
      start(() -> pass(client, there, false));
      start(() -> pass(there, client, true));
    }
  }

  private void pass(Socket from, Socket to, boolean isAnswer) throws IOException {
    byte[] bytes = new byte[1 << 16];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(bytes); count > 0; count = in.read(bytes)) {
        String text = new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
        if (isAnswer && text.contains("COMMIT") && cuts.getAndSet(false)) {
          return;
        }
        if (!isAnswer && count >= LARGE && freezes.getAndSet(false)) {
          out.write(bytes, 0, count / 2);
          out.flush();
          awaitEnd(to);
          return;
        }
        out.write(bytes, 0, count);
        out.flush();
      }
    }
  }

  private static void awaitEnd(Socket other) {
    while (!other.isClosed()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // One of them is gone.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
