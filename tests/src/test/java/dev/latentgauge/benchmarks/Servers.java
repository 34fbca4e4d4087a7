package dev.latentgauge.benchmarks;

import dev.latentgauge.collector.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Servers that are compared, each a process of its own, which end with this. */
final class Servers implements AutoCloseable {

  private static final Path JAR = Path.of("collector", "target", "latentgauge.jar");

  private final Path folder;
  private final List<Process> started = new ArrayList<>();

  /**
   * A server.
   *
   * @param isCollector whether it takes reports; the other takes pushes
   */
  record Server(String name, URI address, boolean isCollector) {}

  Servers(Path folder) {
    this.folder = folder;
  }

  Server collector(String database, String... options) throws IOException {
    int port = freePort();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-jar", jar().toString(), "serve", "--port", Integer.toString(port)));
    command.addAll(List.of(options));
    return start("latentgauge, " + database, port, true, command);
  }

  /** From the root of the project, or from a module of it. */
  private static Path jar() {
    Path here = JAR.toAbsolutePath();
    return here.toFile().exists() ? here : Path.of("..").resolve(JAR);
  }

  Server pushgateway() throws IOException {
    int port = freePort();
    return start(
        "Pushgateway",
        port,
        false,
        List.of("prometheus-pushgateway", "--web.listen-address=127.0.0.1:" + port));
  }

  private Server start(String name, int port, boolean isCollector, List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name.replaceAll("\\W+", "-") + ".log").toFile());
    builder.environment().put("LATENTGAUGE_DATABASE_PASSWORD", PostgresServer.PASSWORD);
    Process process = builder.start();
    started.add(process);
    awaitPort(process, name, port);
    return new Server(name, URI.create("http://127.0.0.1:" + port), isCollector);
  }

  private static void awaitPort(Process process, String name, int port) throws IOException {
    while (true) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException e) {
        try {
          if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
            throw new IOException(name + " ended with " + process.exitValue(), e);
          }
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw new IOException(interrupted);
        }
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    started.forEach(Process::destroy);
    for (Process process : started) {
      try {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
