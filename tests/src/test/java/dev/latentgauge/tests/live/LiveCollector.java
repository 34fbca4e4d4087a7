package dev.latentgauge.tests.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.tests.Processes;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A collector as users have it, in a process of its own, which can be ended and started again at
 * its address and with its data. Ends with this. Not thread-safe.
 */
public final class LiveCollector implements AutoCloseable {

  private final Processes processes;
  private final List<String> command;
  private final URI address;
  private Process process;
  private int starts;

  private LiveCollector(Path folder, List<String> options) {
    processes = new Processes(folder);
    command = new ArrayList<>(List.of(Processes.java(), "-jar", Processes.JAR.toString(), "serve"));
    command.addAll(List.of("--data", folder.resolve("data").toString()));
    command.addAll(options);
    process = launch(0);
    address = URI.create(awaitListening());
  }

  /**
   * Starts one on a free port.
   *
   * @param folder for its data, and what it prints
   * @param options of {@code serve}
   */
  public static LiveCollector start(Path folder, String... options) {
    return new LiveCollector(folder, List.of(options));
  }

  /** Where it listens, or will again. */
  public URI address() {
    return address;
  }

  /** The address of the page, of a view of it. */
  public String page(String view) {
    return address + "/" + view;
  }

  /** Its API. */
  public CollectorApi api() {
    return new CollectorApi(address);
  }

  /** Ends it as an operator does: requests that are under way are finished. */
  public void stop() {
    process.destroy();
    awaitEnd();
  }

  /** Ends it as a power cut does. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Starts it again after its end, and waits until it listens. */
  public void startAgain() {
    assertThat(process.isAlive()).as("the collector still runs").isFalse();
    process = launch(address.getPort());
    awaitListening();
  }

  private Process launch(int port) {
    starts++;
    List<String> line = new ArrayList<>(command);
    line.addAll(List.of("--port", Integer.toString(port)));
    return processes.start(name(), line.toArray(String[]::new));
  }

  private String awaitListening() {
    return processes.awaitPrinted(name(), process, "listening on (http://\\S+)");
  }

  private String name() {
    return "collector-" + starts;
  }

  private void awaitEnd() {
    try {
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    processes.close();
  }
}
