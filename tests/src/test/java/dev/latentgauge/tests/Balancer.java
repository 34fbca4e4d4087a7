package dev.latentgauge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A balancer before several collectors: a real HAProxy, set up as the project says. */
public final class Balancer {

  /** Not in everybody's path. */
  private static final String PROGRAM = "/usr/sbin/haproxy";

  private static final Path PUBLISHED = Path.of("collector", "packaging", "haproxy.cfg");
  private static final Pattern SERVERS = Pattern.compile("(?m)^ *server .*\\R?");

  private final Processes processes;
  private final String name;

  private Balancer(Processes processes, String name) {
    this.processes = processes;
    this.name = name;
  }

  /**
   * Starts one.
   *
   * @param folder for its configuration
   * @param address where it is to listen
   * @param collectors where they will listen; they must not yet
   */
  public static Balancer start(Processes processes, Path folder, URI address, List<URI> collectors)
      throws IOException {
    String published =
        Files.readString(Files.exists(PUBLISHED) ? PUBLISHED : Path.of("..").resolve(PUBLISHED));
    assertThat(published).contains("bind :9475\n").containsPattern(SERVERS);
    List<String> servers = new ArrayList<>();
    for (int i = 0; i < collectors.size(); i++) {
      servers.add(
          "    server collector-%d %s cookie %d\n"
              .formatted(i, collectors.get(i).getAuthority(), i));
    }
    String changed =
        SERVERS
                .matcher(published)
                .replaceAll("")
                .replace("bind :9475\n", "bind " + address.getAuthority() + "\n")
            + String.join("", servers);
    Path file = Files.writeString(folder.resolve("haproxy.cfg"), changed);
    String name = "haproxy-" + address.getPort();
    Process process = processes.start(name, PROGRAM, "-W", "-f", file.toString());
    processes.awaitPrinted(name, process, "(New worker|Loading success)");
    return new Balancer(processes, name);
  }

  /**
   * Waits until it has found out that a collector is ready, which was not.
   *
   * @param collector its place in the list
   */
  public void awaitReady(int collector) {
    awaitFound(collector, "UP");
  }

  /**
   * Waits until it has found out that a collector, which was ready, is no longer.
   *
   * @param collector its place in the list
   */
  public void awaitNotReady(int collector) {
    awaitFound(collector, "DOWN");
  }

  private void awaitFound(int collector, String state) {
    Pattern last =
        Pattern.compile("(?s).*Server collectors/collector-" + collector + " is (UP|DOWN).*");
    Awaitility.await()
        .atMost(2, TimeUnit.MINUTES)
        .until(() -> last.matcher(processes.printed(name)).replaceFirst("$1").equals(state));
  }
}
