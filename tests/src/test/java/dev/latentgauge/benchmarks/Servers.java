package dev.latentgauge.benchmarks;

import dev.latentgauge.collector.Ports;
import dev.latentgauge.collector.PostgresServer;
import dev.latentgauge.tests.Processes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Servers that are compared, each a process of its own, which end with this. */
final class Servers implements AutoCloseable {

  private static final Path JAR = Path.of("collector", "target", "latentgauge.jar");

  private final Processes processes;

  /** What a server is sent. */
  enum Takes {
    REPORTS,
    PUSHES
  }

  /** A server. */
  record Server(String name, URI address, Takes takes) {}

  Servers(Path folder) {
    this.processes = new Processes(folder);
  }

  Server collector(String database, String... options) throws IOException {
    int port = Ports.free();
    List<String> command = new ArrayList<>();
    command.add(Processes.java());
    command.addAll(List.of("-jar", jar().toString(), "serve", "--port", Integer.toString(port)));
    command.addAll(List.of(options));
    return start("latentgauge, " + database, port, Takes.REPORTS, command);
  }

  /** From the root of the project, or from a module of it. */
  static Path jar() {
    Path here = JAR.toAbsolutePath();
    return here.toFile().exists() ? here : Path.of("..").resolve(JAR);
  }

  Server pushgateway() throws IOException {
    int port = Ports.free();
    return start(
        "Pushgateway",
        port,
        Takes.PUSHES,
        List.of("prometheus-pushgateway", "--web.listen-address=127.0.0.1:" + port));
  }

  /** A server that reads what it is sent, and says that it did. */
  Server empty() throws IOException {
    int port = Ports.free();
    return start(
        "empty Vert.x handler",
        port,
        Takes.REPORTS,
        List.of(
            Processes.java(),
            "-cp",
            System.getProperty("java.class.path"),
            EmptyServer.class.getName(),
            Integer.toString(port)));
  }

  private Server start(String name, int port, Takes takes, List<String> command)
      throws IOException {
    Process process =
        processes.start(
            name.replaceAll("\\W+", "-"),
            Map.of("LATENTGAUGE_DATABASE_PASSWORD", PostgresServer.PASSWORD),
            command.toArray(String[]::new));
    awaitPort(process, name, port);
    return new Server(name, URI.create("http://127.0.0.1:" + port), takes);
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

  @Override
  public void close() {
    processes.close();
  }
}
