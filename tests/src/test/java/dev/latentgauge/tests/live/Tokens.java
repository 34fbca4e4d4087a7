package dev.latentgauge.tests.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.tests.Processes;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The tokens of a {@link LiveCollector}, made as operators do it. */
final class Tokens implements AutoCloseable {

  private final Processes processes;
  private final Path data;
  private int commands;

  /** Of the collector whose data are in a folder. */
  Tokens(Path folder) {
    processes = new Processes(folder);
    data = folder.resolve("data");
  }

  /** Makes one, and waits until a collector knows it. */
  String create(LiveCollector collector, String name, String scope) {
    String printed = latentgauge("create", "--name", name, "--scope", scope);
    String token =
        printed
            .lines()
            .filter(line -> line.startsWith("lgtok_"))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException(printed));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(collector.address() + "/v1/session"))
            .header("Authorization", "Bearer " + token)
            .build();
    HttpClient client = HttpClient.newHttpClient();
    Awaitility.await()
        .until(() -> client.send(request, BodyHandlers.discarding()).statusCode() == 200);
    return token;
  }

  /** Puts one out of force. */
  void revoke(String name) {
    latentgauge("revoke", "--name", name);
  }

  private String latentgauge(String command, String... options) {
    String name = "token-" + ++commands;
    List<String> line =
        new ArrayList<>(
            List.of(Processes.java(), "-jar", Processes.JAR.toString(), "token", command));
    line.addAll(List.of("--data", data.toString()));
    line.addAll(List.of(options));
    Process process = processes.start(name, line.toArray(String[]::new));
    try {
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    assertThat(process.exitValue()).as(processes.printed(name)).isZero();
    return processes.printed(name);
  }

  @Override
  public void close() {
    processes.close();
  }
}
