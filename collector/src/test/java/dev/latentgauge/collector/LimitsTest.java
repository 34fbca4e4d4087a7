package dev.latentgauge.collector;

import static dev.latentgauge.collector.Observations.scored;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.access.AccessOptions;
import dev.latentgauge.collector.access.RateLimits;
import dev.latentgauge.collector.access.Scope;
import dev.latentgauge.collector.scoring.ScoringLimits;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How much one client may do, on a clock that only the tests move. */
@Timeout(60)
class LimitsTest {

  private static final RateLimits WIDE = RateLimits.DEFAULT;

  private final MutableClock clock = new MutableClock();
  @TempDir private Path data;

  private Collector start(RateLimits limits) throws IOException {
    return start(AccessOptions.DEFAULT.withLimits(limits));
  }

  private Collector start(AccessOptions access) throws IOException {
    return Collector.start(
        CollectorOptions.builder()
            .port(0)
            .data(data)
            .clock(clock)
            .stopwatch(clock)
            .access(access)
            .build());
  }

  @Test
  void requestsBeyondTheRateOfATokenComeAgainLater() throws IOException {
    String busy = TestTokens.create(data, "busy", Scope.READ);
    String calm = TestTokens.create(data, "calm", Scope.READ);
    try (Collector collector = start(new RateLimits(5, WIDE.bytes(), 10, 100))) {
      Client client = new Client(collector.address());
      for (int i = 0; i < 10; i++) {
        assertThat(client.with(busy).get("/v1/runs").status()).isEqualTo(200);
      }
      Client.Reply refused = client.with(busy).get("/v1/runs");
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.header("retry-after")).isEqualTo("1");
      assertThat(refused.json().get("detail").getAsString())
          .isEqualTo("requests of one client must be at most 5 a second, but are more");
      assertThat(client.get("/health/live").status()).isEqualTo(200);
      assertThat(client.with(calm).get("/metrics").text())
          .contains("latentgauge_collector_rejected_total{reason=\"rate\"} 1.0\n");
      clock.pass(Duration.ofSeconds(1));
      for (int i = 0; i < 5; i++) {
        assertThat(client.with(busy).get("/v1/runs").status()).isEqualTo(200);
      }
      assertThat(client.with(busy).get("/v1/runs").status()).isEqualTo(429);
    }
  }

  @Test
  void withoutTokensAnAddressHasTheRate() throws IOException {
    try (Collector collector = start(new RateLimits(1, WIDE.bytes(), 10, 100))) {
      Client client = new Client(collector.address());
      assertThat(client.get("/v1/runs").status()).isEqualTo(200);
      assertThat(client.get("/v1/runs").status()).isEqualTo(200);
      assertThat(client.get("/v1/runs").status()).isEqualTo(429);
    }
  }

  @Test
  void aBodyMayBeLargerThanTheRateAndIsPaidBack() throws IOException {
    try (Collector collector = start(new RateLimits(1000, 100, 10, 100))) {
      Client client = new Client(collector.address());
      String large = "{}" + " ".repeat(998);
      assertThat(client.put("/v1/runs/a", large).status()).isEqualTo(200);
      // 200 bytes were saved up: 800 are owed, which takes 8 s.
      Client.Reply refused = awaitRefusal(client);
      assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(8, 10);
      assertThat(client.get("/v1/runs").status()).as("without a body").isEqualTo(200);
      clock.pass(Duration.ofSeconds(10));
      assertThat(client.put("/v1/runs/a", "{}").status()).isEqualTo(200);
    }
  }

  /** A body is counted when its request is answered, at times just after the answer was read. */
  private static Client.Reply awaitRefusal(Client client) {
    Client.Reply reply = client.put("/v1/runs/b", "{}");
    while (reply.status() != 429) {
      reply = client.put("/v1/runs/b", "{}");
    }
    return reply;
  }

  @Test
  void tenThousandAgentsBehindOneTokenAreNotSlowedDown() throws IOException {
    String token = TestTokens.create(data, "fleet", Scope.WRITE);
    try (Collector collector = start(AccessOptions.DEFAULT)) {
      Client agents = new Client(collector.address()).with(token);
      assertThat(WIDE.requests()).isGreaterThanOrEqualTo(10_000);
      assertThat(WIDE.connections()).isGreaterThanOrEqualTo(10_000);
      // The clock stands still: all of these come at once.
      for (int i = 0; i < 1_000; i++) {
        assertThat(agents.report("run", scored(i, 0.5)).status()).isEqualTo(200);
      }
    }
  }

  @Test
  void failuresAreSlowedDownAndHonestClientsBesideThemAreNot() throws IOException {
    String token = TestTokens.create(data, "fleet", Scope.READ);
    try (Collector collector = start(new RateLimits(1000, WIDE.bytes(), 3, 100))) {
      Client client = new Client(collector.address());
      Client guessing = client.with("lgtok_" + "0".repeat(64));
      for (int i = 0; i < 6; i++) {
        assertThat(guessing.get("/metrics").status()).isEqualTo(401);
      }
      Client.Reply refused = guessing.get("/metrics");
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.header("retry-after")).isEqualTo("1");
      assertThat(client.with(token).get("/metrics").status())
          .as("from the same address")
          .isEqualTo(200);
      assertThat(guessing.get("/metrics").status()).isEqualTo(429);
    }
  }

  @Test
  void behindAProxyItsClientsAreToldApart() throws IOException {
    TestTokens.create(data, "fleet", Scope.READ);
    AccessOptions access =
        AccessOptions.DEFAULT.withProxy().withLimits(new RateLimits(1000, WIDE.bytes(), 1, 100));
    try (Collector collector = start(access)) {
      Client client = new Client(collector.address());
      String header = "X-Forwarded-For";
      for (int i = 0; i < 2; i++) {
        // What the client wrote itself comes first, and counts for nothing.
        assertThat(client.get("/metrics", header, i + ".1.1.1, 192.0.2.1").status()).isEqualTo(401);
      }
      assertThat(client.get("/metrics", header, "192.0.2.9, 192.0.2.1").status()).isEqualTo(429);
      assertThat(client.get("/metrics", header, "192.0.2.2").status()).isEqualTo(401);
    }
  }

  @Test
  void withoutAProxyNobodySaysWhoHeIs() throws IOException {
    TestTokens.create(data, "fleet", Scope.READ);
    try (Collector collector = start(new RateLimits(1000, WIDE.bytes(), 1, 100))) {
      Client client = new Client(collector.address());
      for (int i = 0; i < 2; i++) {
        client.get("/metrics", "X-Forwarded-For", "192.0.2." + i);
      }
      assertThat(client.get("/metrics", "X-Forwarded-For", "192.0.2.3").status()).isEqualTo(429);
    }
  }

  @Test
  void oneAddressHasHalfOfTheConnections() throws IOException {
    List<Socket> held = new ArrayList<>();
    try (Collector collector = start(new RateLimits(1000, WIDE.bytes(), 10, 6))) {
      try {
        for (int i = 0; i < 3; i++) {
          held.add(connect(collector));
          assertThat(ask(held.get(i))).startsWith("HTTP/1.1 200");
        }
        assertThat(ask(connect(collector))).isEmpty();
        assertThat(ask(held.get(0))).as("on an old one").startsWith("HTTP/1.1 200");
        held.remove(2).close();
        String answer = ask(connect(collector));
        while (answer.isEmpty()) {
          answer = ask(connect(collector));
        }
        assertThat(answer).startsWith("HTTP/1.1 200");
      } finally {
        for (Socket socket : held) {
          socket.close();
        }
      }
    }
  }

  @Test
  void oneClientLeavesPlacesForUploadsToOthers() throws IOException {
    String slow = TestTokens.create(data, "slow", Scope.WRITE);
    String other = TestTokens.create(data, "other", Scope.WRITE);
    CollectorOptions options =
        CollectorOptions.builder()
            .port(0)
            .data(data)
            .scoring(new ScoringLimits(1, 3, 1 << 20))
            .build();
    List<Socket> held = new ArrayList<>();
    try (Collector collector = Collector.start(options)) {
      try {
        for (int i = 0; i < 2; i++) {
          held.add(connect(collector));
          assertThat(announce(held.get(i), slow)).startsWith("HTTP/1.1 100");
        }
        held.add(connect(collector));
        assertThat(announce(held.get(2), slow)).startsWith("HTTP/1.1 429");
        held.add(connect(collector));
        assertThat(announce(held.get(3), other)).startsWith("HTTP/1.1 100");
      } finally {
        for (Socket socket : held) {
          socket.close();
        }
      }
    }
  }

  /** Announces a file, and answers the first line of what is said to that. */
  private static String announce(Socket socket, String token) throws IOException {
    socket
        .getOutputStream()
        .write(
            ("PUT /v1/references/a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                    + token
                    + "\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    StringBuilder line = new StringBuilder();
    for (int c = socket.getInputStream().read();
        c >= 0 && c != '\r';
        c = socket.getInputStream().read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  @Test
  void aConnectionThatIsNeverSilentMustBringARequestAllTheSame() throws Exception {
    CollectorOptions options =
        CollectorOptions.builder().port(0).data(data).idleTime(Duration.ofSeconds(1)).build();
    try (Collector collector = Collector.start(options);
        Socket slow = connect(collector)) {
      assertThat(ask(slow)).startsWith("HTTP/1.1 200");
      slow.setSoTimeout(10);
      slow.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(isClosedWhileItSends(slow)).isTrue();
    }
  }

  /** Sends a byte now and then; the time limit of the test is the only one. */
  private static boolean isClosedWhileItSends(Socket slow) {
    try {
      while (true) {
        slow.getOutputStream().write('X');
        try {
          if (slow.getInputStream().read() < 0) {
            return true;
          }
        } catch (SocketTimeoutException e) {
          // Nothing was answered, as there is nothing to answer.
        }
      }
    } catch (IOException e) {
      return true;
    }
  }

  private static Socket connect(Collector collector) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), collector.address().getPort());
    socket.setSoTimeout(30_000);
    return socket;
  }

  /** The answer; empty if the connection is closed. */
  private static String ask(Socket socket) throws IOException {
    try {
      socket
          .getOutputStream()
          .write(
              "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      StringBuilder answer = new StringBuilder();
      for (int c = in.read(); c >= 0 && c != ']'; c = in.read()) {
        answer.append((char) c);
      }
      in.skipNBytes(in.available());
      return answer.toString().strip();
    } catch (SocketException e) {
      return "";
    }
  }
}
