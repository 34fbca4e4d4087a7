package dev.latentgauge.collector;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real PostgreSQL with a database of its own, on loopback. As root it runs as {@code postgres},
 * since it refuses to run as root.
 */
public final class PostgresServer implements AutoCloseable {

  /** The password of its only user. */
  public static final String PASSWORD = "correct horse";

  /** The name of its only user. */
  public static final String USER = "gauge";

  private final Path folder;
  private final int port;

  private PostgresServer(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /** Starts one; its files go with it. */
  public static PostgresServer start() throws IOException {
    Path folder = Files.createTempDirectory("postgres");
    Path password = Files.writeString(folder.resolve("password"), PASSWORD);
    if (isRoot()) {
      run("chown", "-R", "postgres", folder.toString());
    }
    PostgresServer server = new PostgresServer(folder, Ports.free());
    server.runAsUser(
        "initdb",
        "-D",
        folder + "/data",
        "-U",
        USER,
        "-A",
        "scram-sha-256",
        "--pwfile=" + password,
        "-E",
        "UTF8",
        "--locale=C.UTF-8");
    server.resume();
    return server;
  }

  /** Starts it again, after {@link #stop}. */
  public void resume() throws IOException {
    runAsUser(
        "pg_ctl",
        "-D",
        folder + "/data",
        "-l",
        folder + "/log",
        "-o",
        "-c listen_addresses=127.0.0.1 -p " + port + " -k " + folder,
        "-w",
        "start");
  }

  /**
   * Stops it.
   *
   * @param mode how: {@code fast}, or {@code immediate}, which is what a crash looks like
   */
  public void stop(String mode) throws IOException {
    runAsUser("pg_ctl", "-D", folder + "/data", "-m", mode, "-w", "stop");
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** Its address, without a password. */
  public String url() {
    return "postgresql://" + USER + "@127.0.0.1:" + port + "/postgres";
  }

  @Override
  public void close() throws IOException {
    stop("immediate");
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private void runAsUser(String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
    }
    command.add(programs().resolve(program).toString());
    command.addAll(List.of(arguments));
    run(command.toArray(String[]::new));
  }

  /** Debian keeps the programs of each version apart; the newest serves. */
  private static Path programs() throws IOException {
    Path versions = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(versions)) {
      try (Stream<Path> found = Files.list(versions)) {
        return found
            .map(version -> version.resolve("bin"))
            .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
            .max(Comparator.naturalOrder())
            .orElseThrow(() -> new IOException("PostgreSQL must be installed, but is not"));
      }
    }
    throw new IOException("PostgreSQL must be installed under " + versions + ", but is not");
  }

  private static void run(String... command) throws IOException {
    Path output = Files.createTempFile("output", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(new File("/"))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(String.join(" ", command) + ": " + Files.readString(output));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      Files.delete(output);
    }
  }

  /** One for all tests of a process; it ends with it. */
  public static PostgresServer shared() {
    return Shared.SERVER;
  }

  private static final class Shared {
    static final PostgresServer SERVER = startForAll();

    private static PostgresServer startForAll() {
      try {
        PostgresServer server = start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> closeQuietly(server)));
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void closeQuietly(PostgresServer server) {
      try {
        server.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
