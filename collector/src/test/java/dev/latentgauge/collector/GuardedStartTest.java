package dev.latentgauge.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latentgauge.collector.access.AccessOptions;
import dev.latentgauge.collector.access.Scope;
import dev.latentgauge.collector.access.TokenFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A collector is not open to a network by accident, nor to web pages. */
@Timeout(60)
class GuardedStartTest {

  @TempDir private Path data;

  private CollectorOptions options(String host, AccessOptions access) {
    return CollectorOptions.builder().port(0).host(host).data(data).access(access).build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::"})
  void beyondLoopbackBothTokensAndTlsMustBeThere(String host) {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Collector.start(options(host, AccessOptions.DEFAULT)))
        .withMessage(
            "to be reached by others than this machine, on "
                + host
                + ", the collector needs a token that is in force in "
                + data.resolve(TokenFile.NAME)
                + " (latentgauge token create --name NAME --scope write makes one); and"
                + " --tls-certificate and --tls-key, or --behind-proxy if a proxy does TLS");
    TestTokens.create(data, "fleet", Scope.WRITE);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Collector.start(options(host, AccessOptions.DEFAULT)))
        .withMessageEndingWith(
            "the collector needs --tls-certificate and --tls-key, or --behind-proxy if a proxy"
                + " does TLS");
  }

  @Test
  void aTokenThatHasExpiredIsNone() throws IOException {
    TokenFile.at(data.resolve(TokenFile.NAME))
        .create("old", Set.of(Scope.READ), Optional.of(Duration.ofDays(1)), Instant.EPOCH);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Collector.start(options("0.0.0.0", AccessOptions.DEFAULT.withProxy())))
        .withMessageContaining("a token that is in force");
  }

  @Test
  void behindAProxyOnLoopbackTokensMustBeThereToo() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Collector.start(options("127.0.0.1", AccessOptions.DEFAULT.withProxy())))
        .withMessageContaining("a token that is in force");
  }

  @Test
  void withBothItListensEverywhere() throws IOException {
    String token = TestTokens.create(data, "fleet", Scope.READ);
    try (Collector collector =
        Collector.start(options("0.0.0.0", AccessOptions.DEFAULT.withProxy()))) {
      Client client = new Client(URI.create("http://127.0.0.1:" + collector.address().getPort()));
      assertThat(client.get("/metrics").status()).isEqualTo(401);
      assertThat(client.with(token).get("/metrics").status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "127.0.0.1", "127.9.9.9", "[::1]", "LOCALHOST", "localhost:9475"})
  void onLoopbackARequestNamesThisMachine(String host) throws IOException {
    assertThat(get("/v1/runs", "Host: " + host + "\r\n")).startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attacker.example",
        "localhost.attacker.example",
        "127.0.0.1.attacker.example",
        "10.0.0.1",
        "[2001:db8::1]",
        "attacker.example:9475",
      })
  void aRequestThatNamesAnotherHostIsMisdirected(String host) throws IOException {
    assertThat(get("/v1/runs", "Host: " + host + "\r\n"))
        .startsWith("HTTP/1.1 421")
        .contains("Host must be localhost, 127.0.0.1 or [::1]")
        .doesNotContain(host);
  }

  @Test
  void withTokensAnyNameWillDo() throws IOException {
    String token = TestTokens.create(data, "fleet", Scope.READ);
    assertThat(get("/v1/runs", "Host: gauge.example\r\nAuthorization: Bearer " + token + "\r\n"))
        .startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Origin: http://attacker.example",
        "Origin: null",
        "Origin: http://localhost:3000",
      })
  void aPageFromElsewhereChangesNothing(String header) throws IOException {
    try (Collector collector = Collector.start(options("127.0.0.1", AccessOptions.DEFAULT))) {
      assertThat(
              new RawClient(collector.address())
                  .exchange(
                      "DELETE /v1/runs/a HTTP/1.1\r\nHost: localhost:9475\r\nConnection: close\r\n"
                          + header
                          + "\r\n\r\n"))
          .startsWith("HTTP/1.1 403")
          .contains("urn:latentgauge:problem:cross-site");
    }
  }

  private String get(String path, String headers) throws IOException {
    try (Collector collector = Collector.start(options("127.0.0.1", AccessOptions.DEFAULT))) {
      return new RawClient(collector.address())
          .exchange("GET " + path + " HTTP/1.1\r\nConnection: close\r\n" + headers + "\r\n");
    }
  }
}
