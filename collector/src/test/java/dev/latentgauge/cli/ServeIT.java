package dev.latentgauge.cli;

import static dev.latentgauge.collector.Observations.scored;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.Client;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The self-contained jar, as users start it. */
@Timeout(60)
class ServeIT {

  private static final Pattern LISTENING =
      Pattern.compile("latentgauge collector \\S+ listening on (http://127\\.0\\.0\\.1:\\d+)");

  /** What SIGTERM makes of a process: 128 and the number of the signal. */
  private static final int TERMINATED = 143;

  @TempDir private Path data;

  @Test
  void servesUntilItIsTerminated() throws Exception {
    Process process = start("serve", "--port", "0");
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      Matcher line = LISTENING.matcher(out.readLine());
      assertThat(line.matches()).isTrue();
      Client client = new Client(URI.create(line.group(1)));
      assertThat(client.report("a", scored(1, 0.5)).text()).contains("\"accepted\":1");
      assertThat(client.get("/metrics").text()).contains("latentgauge_score{");
      assertThat(client.get("/metrics", "Accept", "application/openmetrics-text").text())
          .endsWith("# EOF\n");
      process.toHandle().destroy();
      assertThat(out.readLine()).as("more on standard output").isNull();
      assertThat(process.waitFor()).isEqualTo(TERMINATED);
      assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("closed")
          .doesNotContain("WARN", "ERROR", "Exception");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void saysInOneLineThatThePortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Process process = start("serve", "--port", Integer.toString(taken.getLocalPort()));
      String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).isEqualTo(1);
      assertThat(err.lines().filter(line -> line.startsWith("latentgauge: ")))
          .containsExactly(
              "latentgauge: cannot listen on 127.0.0.1:"
                  + taken.getLocalPort()
                  + ": Address already in use");
      assertThat(err).doesNotContain("\tat ");
    }
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-jar");
    command.add(System.getProperty("latentgauge.jar"));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--data", data.toString()));
    return new ProcessBuilder(command).start();
  }
}
