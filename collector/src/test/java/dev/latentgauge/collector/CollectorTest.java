package dev.latentgauge.collector;

import static dev.latentgauge.collector.Observations.scored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latentgauge.observation.Observation;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CollectorTest {

  private static final CollectorOptions ANY_PORT = TestOptions.builder().build();

  @Test
  void aPortThatIsTakenIsSaidInOneLine() throws IOException {
    try (Collector first = Collector.start(ANY_PORT)) {
      int port = first.address().getPort();
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> Collector.start(TestOptions.builder().port(port).build()))
          .withMessageMatching("cannot listen on 127\\.0\\.0\\.1:" + port + ": [^\n]+");
    }
  }

  @Test
  void everyMistakeInTheOptionsIsNamedAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                TestOptions.builder()
                    .host(" ")
                    .port(70_000)
                    .linger(Duration.ofSeconds(-1))
                    .bodyBytes(0)
                    .bodyBytesAtOnce(-1)
                    .build())
        .withMessage(
            "host must be a name or an address, but is blank;"
                + " port must be from 0 to 65535, but is 70000;"
                + " linger must be at least 0 s, but is -1 s;"
                + " bodyBytes must be at least 1, but is 0;"
                + " bodyBytesAtOnce must be at least 0, but is -1");
  }

  @Test
  void ofAFolderForUploadsOnlyWhatACollectorLeftThereIsDeleted(@TempDir Path data)
      throws IOException {
    Path left = data.resolve("uploads/0b5a2e4c-9d8f-4a67-8c1e-2f3a4b5c6d7e");
    Path photo = data.resolve("uploads/holidays/photo.jpg");
    Files.createDirectories(left);
    Files.writeString(left.resolve("upload"), "half of it");
    Files.createDirectories(photo.getParent());
    Files.writeString(photo, "not ours");

    Collector.start(TestOptions.builder().data(data).build()).close();

    assertThat(photo).hasContent("not ours");
    assertThat(left).doesNotExist();
  }

  @Test
  void aFolderThatCannotBeUsedIsLetGoOf(@TempDir Path data) throws IOException {
    CollectorOptions options = TestOptions.builder().data(data).build();
    Files.writeString(data.resolve("uploads"), "in the way");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Collector.start(options))
        .withMessageStartingWith("cannot keep data in " + data);
    Files.delete(data.resolve("uploads"));
    Collector.start(options).close();
  }

  @Test
  void manyClientsLoseNothing() throws Exception {
    int clients = 20;
    int reports = 50;
    int size = 10;
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try (Collector collector = Collector.start(TestOptions.builder().build())) {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        Client client = new Client(collector.address());
        String run = "run-" + i % 4;
        long offset = (long) (i / 4) * reports * size;
        done.add(
            threads.submit(
                () -> {
                  for (int report = 0; report < reports; report++) {
                    Observation[] batch = steps(offset + (long) report * size, size);
                    assertThat(client.report(run, batch).json().get("accepted").getAsInt())
                        .isEqualTo(size);
                  }
                }));
      }
      for (Future<?> each : done) {
        each.get();
      }
      Client client = new Client(collector.address());
      for (int i = 0; i < 4; i++) {
        assertThat(client.get("/v1/runs/run-" + i).json().get("observations").getAsInt())
            .isEqualTo(2500);
      }
      assertThat(client.get("/metrics").text())
          .contains("latentgauge_collector_observations_total 10000.0\n");
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void twoWritersOfTheSameKeysStoreEachOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (Collector collector = Collector.start(ANY_PORT)) {
      List<Future<Integer>> accepted = new ArrayList<>();
      for (int writer = 0; writer < 2; writer++) {
        Client client = new Client(collector.address());
        accepted.add(
            threads.submit(
                () -> {
                  int sum = 0;
                  for (int report = 0; report < 50; report++) {
                    sum +=
                        client
                            .report("a", steps(report * 10L, 10))
                            .json()
                            .get("accepted")
                            .getAsInt();
                  }
                  return sum;
                }));
      }
      assertThat(accepted.get(0).get() + accepted.get(1).get()).isEqualTo(500);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void finishesRequestsThatAreUnderWayWhenItCloses() throws Exception {
    Collector collector = Collector.start(ANY_PORT);
    try (Socket idle = connect(collector);
        Socket busy = connect(collector)) {
      send(idle, "HEAD /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
      send(
          busy,
          """
          PUT /v1/runs/a HTTP/1.1\r
          Host: localhost\r
          Content-Type: application/json\r
          Expect: 100-continue\r
          Content-Length: 2\r
          \r
          """);
      String goOn = "HTTP/1.1 100 Continue\r\n\r\n";
      assertThat(busy.getInputStream().readNBytes(goOn.length())).asString().isEqualTo(goOn);
      CompletableFuture<Void> closing = CompletableFuture.runAsync(collector::close);
      assertThat(idle.getInputStream().readAllBytes()).asString().startsWith("HTTP/1.1 200 ");
      assertThat(closing).isNotDone();
      send(busy, "{}");
      assertThat(busy.getInputStream().readAllBytes())
          .asString()
          .startsWith("HTTP/1.1 200 ")
          .contains("\"name\":\"a\"");
      closing.join();
    }
    assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(collector).close());
    collector.close();
  }

  private static Socket connect(Collector collector) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), collector.address().getPort());
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static Observation[] steps(long from, int count) {
    return LongStream.range(from, from + count)
        .mapToObj(step -> scored(step, 0.5))
        .toArray(Observation[]::new);
  }
}
