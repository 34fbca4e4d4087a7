package dev.latentgauge.cli;

import static dev.latentgauge.collector.Observations.scored;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.latentgauge.collector.Client;
import dev.latentgauge.observation.Observation;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The self-contained jar, as users start it. */
@Timeout(60)
class ServeIT {

  private static final Pattern LISTENING =
      Pattern.compile("latentgauge collector \\S+ listening on (http://127\\.0\\.0\\.1:\\d+)");

  /** What a second SIGTERM makes of a process: 128 and the number of the signal. */
  private static final int TERMINATED = 143;

  /** It may take two minutes to arrive; the deadline comes before that. */
  private static final String UPLOAD =
      """
      PUT /v1/references/a HTTP/1.1\r
      Host: 127.0.0.1\r
      Content-Type: application/octet-stream\r
      Expect: 100-continue\r
      Content-Length: 1000\r
      \r
      """;

  private static final String REPORT =
      """
      PUT /v1/runs/a HTTP/1.1\r
      Host: 127.0.0.1\r
      Content-Type: application/json\r
      Expect: 100-continue\r
      Content-Length: 2\r
      \r
      """;

  private static final String GO_ON = "HTTP/1.1 100 Continue\r\n\r\n";

  @TempDir private Path data;

  @Test
  void servesUntilItIsTerminated() throws Exception {
    Process process = start("serve", "--port", "0");
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      Client client = new Client(address(out));
      assertThat(client.report("a", scored(1, 0.5)).text()).contains("\"accepted\":1");
      assertThat(client.get("/metrics").text()).contains("latentgauge_score{");
      for (String path : List.of("/", "/ui/style.css", "/ui/lib/lit-html/directives/repeat.js")) {
        assertThat(client.get(path).status()).as(path).isEqualTo(200);
      }
      assertThat(client.get("/metrics", "Accept", "application/openmetrics-text").text())
          .endsWith("# EOF\n");
      process.toHandle().destroy();
      assertThat(out.readLine()).as("more on standard output").isNull();
      assertThat(process.waitFor()).isZero();
      assertThat(err(process))
          .contains("told to end by SIGTERM", "closed")
          .doesNotContain("WARN", "ERROR", "Exception");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void answersWhatIsUnderWayAndCutsOffWhoIsTooSlow() throws Exception {
    Process process = start("serve", "--port", "0", "--shutdown-deadline", "8s");
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      URI address = address(out);
      Observation[] history =
          LongStream.range(0, 500).mapToObj(step -> scored(step, 0.5)).toArray(Observation[]::new);
      assertThat(new Client(address).report("b", history).status()).isEqualTo(200);
      try (Socket silent = connect(address);
          Socket deaf = connect(address);
          Socket half = connect(address);
          Socket quick = connect(address)) {
        // Some 20 MB of answers, more than anything buffers, to who never reads.
        send(
            deaf,
            "GET /v1/runs/b/observations?limit=500 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                .repeat(100));
        send(half, UPLOAD);
        assertGoesOn(half);
        send(half, "half of i");
        send(quick, REPORT);
        assertGoesOn(quick);
        process.toHandle().destroy();
        // A connection that nothing is under way on is closed, and so tells that the end has begun.
        assertThat(silent.getInputStream().readAllBytes()).isEmpty();
        send(quick, "{}");
        assertThat(quick.getInputStream().readAllBytes()).asString().startsWith("HTTP/1.1 200 ");
        assertThat(process.waitFor()).isZero();
      }
      assertThat(err(process)).contains("requests that were still under way were cut off");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void staysOpenForTheDelayAndASecondSignalEndsItAtOnce() throws Exception {
    Process process =
        start("serve", "--port", "0", "--shutdown-delay", "10m", "--shutdown-deadline", "11m");
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      Client client = new Client(address(out));
      assertThat(client.get("/health/ready").status()).isEqualTo(200);
      process.toHandle().destroy();
      Client.Reply ready = client.get("/health/ready");
      while (ready.status() == 200) {
        ready = client.get("/health/ready");
      }
      assertThat(ready.status()).isEqualTo(503);
      assertThat(ready.text()).contains("{\"name\":\"accepting\",\"state\":\"failed\"");
      assertThat(client.get("/health/live").status()).isEqualTo(200);
      assertThat(client.put("/v1/runs/a", "{}").status()).isEqualTo(200);
      process.toHandle().destroy();
      assertThat(process.waitFor()).isEqualTo(TERMINATED);
      assertThat(err(process)).contains("ended at once: it was told again, by SIGTERM");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void logsObjectsAndCountsThem() throws Exception {
    Process process = start("serve", "--port", "0", "--log-format", "json");
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      Client client = new Client(address(out));
      assertThat(client.get("/metrics").text())
          .containsPattern("logback_events_total\\{level=\"info\"} [1-9]")
          .contains("logback_events_total{level=\"error\"} 0");
      process.toHandle().destroy();
      List<JsonObject> lines =
          err(process).lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
      assertThat(lines.get(0).get("message").getAsString())
          .matches(
              "latentgauge collector \\S+ starts with port=0 \\(--port\\),"
                  + " data=\\S+ \\(--data\\), log-format=json \\(--log-format\\)");
      assertThat(lines.get(lines.size() - 1).get("message").getAsString()).isEqualTo("closed");
      assertThat(process.waitFor()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void saysInOneLineThatAnotherHasTheFolder() throws Exception {
    Process first = start("serve", "--port", "0");
    try (BufferedReader out = first.inputReader(StandardCharsets.UTF_8)) {
      address(out);
      Process second = start("serve", "--port", "0");
      assertThat(ownLines(err(second)))
          .containsExactly(
              "latentgauge: cannot keep data in " + data + ": another collector uses it");
      assertThat(second.waitFor()).isEqualTo(1);
    } finally {
      first.destroyForcibly();
    }
  }

  @Test
  void saysInOneLineThatThePortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Process process = start("serve", "--port", Integer.toString(taken.getLocalPort()));
      String err = err(process);
      assertThat(process.waitFor()).isEqualTo(1);
      assertThat(ownLines(err))
          .containsExactly(
              "latentgauge: cannot listen on 127.0.0.1:"
                  + taken.getLocalPort()
                  + ": Address already in use");
      assertThat(err).doesNotContain("\tat ");
    }
  }

  private static URI address(BufferedReader out) throws IOException {
    String line = String.valueOf(out.readLine());
    Matcher listening = LISTENING.matcher(line);
    assertThat(listening.matches()).as(line).isTrue();
    return URI.create(listening.group(1));
  }

  private static String err(Process process) throws IOException {
    return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static Stream<String> ownLines(String err) {
    return err.lines().filter(line -> line.startsWith("latentgauge: "));
  }

  private static Socket connect(URI address) throws IOException {
    return new Socket(address.getHost(), address.getPort());
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void assertGoesOn(Socket socket) throws IOException {
    assertThat(socket.getInputStream().readNBytes(GO_ON.length())).asString().isEqualTo(GO_ON);
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
