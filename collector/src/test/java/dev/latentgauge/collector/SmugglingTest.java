package dev.latentgauge.collector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.access.AccessOptions;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that a proxy and the collector could read in two ways. Each carries a second request,
 * which the collector must not see as one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class SmugglingTest {

  private static final String HEAD =
      "PUT /v1/runs/outer HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
  private static final String SMUGGLED =
      "PUT /v1/runs/smuggled HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
          + "Content-Length: 2\r\n\r\n{}";

  private Collector collector;
  private RawClient raw;
  private Client client;

  @BeforeAll
  void start() throws IOException {
    collector =
        Collector.start(
            TestOptions.builder()
                .bodyTime(Duration.ofMillis(300))
                .idleTime(Duration.ofSeconds(1))
                .access(AccessOptions.DEFAULT)
                .build());
    raw = new RawClient(collector.address());
    client = new Client(collector.address());
  }

  @AfterAll
  void close() {
    collector.close();
  }

  private String answers(String request) throws IOException {
    String answers = raw.exchange(request);
    assertThat(client.get("/v1/runs/smuggled").status()).as(answers).isEqualTo(404);
    assertThat(RawClient.statuses(answers)).as(answers).hasSizeLessThanOrEqualTo(1);
    return answers;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Two lengths.
        "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "Content-Length: 2, 3\r\n\r\n{}",
        "Content-Length: +2\r\n\r\n{}",
        "Content-Length: 0x2\r\n\r\n{}",
        "Content-Length: -2\r\n\r\n{}",
        "Content-Length: 99999999999999999999\r\n\r\n{}",
        "Content-Length : 2\r\n\r\n{}",
        // Codings that one of two might not know.
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: identity\r\n\r\n",
        "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
        // Lines that end otherwise.
        "X: a\nContent-Length: 2\r\n\r\n{}",
        "Content-Length: 2\n\n{}",
        "X: a\rContent-Length: 2\r\n\r\n{}",
        // Names that are none.
        "X Y: a\r\n\r\n",
        ": a\r\n\r\n",
        "X\u0000: a\r\n\r\n",
        "X: a\u0000b\r\n\r\n",
        // Several hosts.
        "Host: other\r\nContent-Length: 2\r\n\r\n{}",
      })
  void whatIsAmbiguousIsRefusedAndNothingReadAfterIt(String rest) throws IOException {
    assertThat(answers(HEAD + rest + SMUGGLED)).startsWith("HTTP/1.1 400 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // The length would hide the second request in the body, the chunks end before it.
        "Content-Length: 200\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 200\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2;a=\"b\"\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Trailer: a\r\n\r\n",
      })
  void chunksCountAndNothingIsReadAfterThem(String rest) throws IOException {
    assertThat(answers(HEAD + rest + SMUGGLED)).startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2;a\nb\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nffffffffff\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}xx0\r\n\r\n",
      })
  void chunksThatAreNoneEndTheConnection(String rest) throws IOException {
    assertThat(RawClient.statuses(answers(HEAD + rest + SMUGGLED)))
        .allSatisfy(status -> assertThat(status).isBetween(400, 499));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "DELETE", "OPTIONS"})
  void aMethodThatHasNoBodyGetsNone(String method) throws IOException {
    assertThat(
            answers(
                method
                    + " /v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                    + SMUGGLED.length()
                    + "\r\n\r\n"
                    + SMUGGLED))
        .startsWith("HTTP/1.1 400 ");
  }

  /** RFC 9112 allows a folded line to be read as one, with a space; it never is two headers. */
  @Test
  void aFoldedHeaderIsOneHeader() throws IOException {
    String folded = HEAD + "X: a\r\n Content-Length: 200\r\nContent-Length: 2\r\n";
    assertThat(answers(folded + "Connection: close\r\n\r\n{}" + SMUGGLED))
        .matches("(?s)HTTP/1\\.1 (200|400) .*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET http://localhost/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET http://attacker.example/metrics HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET metrics HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST /v1/session HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /health/live HTTP/1.1\r\n\r\n",
      })
  void aTargetIsAPathOnOneHost(String request) throws IOException {
    assertThat(answers(request + SMUGGLED)).startsWith("HTTP/1.").contains(" 400 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "%n%s%x%p", "a%", "a%2", "a b", "[::", "[]", "a:b", "a:", "a/b", "u@a"})
  void aHostIsANameOrAnAddress(String host) throws IOException {
    assertThat(answers("GET /health/live HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
  }

  @Test
  void hugeAndManyHeadersAreRefused() throws IOException {
    String live = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n";
    assertThat(answers(live + "X: " + "a".repeat(20_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ")
        .contains("urn:latentgauge:problem:headers");
    assertThat(answers(live + "X: a\r\n".repeat(5_000) + "\r\n")).startsWith("HTTP/1.1 431 ");
    assertThat(answers("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .matches("(?s)HTTP/1\\.[01] 414 .*")
        .contains("urn:latentgauge:problem:target");
  }

  @Test
  void afterAnErrorNothingMoreIsRead() throws IOException {
    String wrong = "GET /health/live HTTP/1.1\r\nHost : localhost\r\n\r\n";
    assertThat(answers(wrong + SMUGGLED)).startsWith("HTTP/1.1 400 ");
    assertThat(raw.exchange("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n" + wrong))
        .as("what came before it is answered")
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void requestsOneAfterTheOtherAreAnsweredInOrder() throws IOException {
    String get = "GET /v1/runs HTTP/1.1\r\nHost: localhost\r\n\r\n";
    String none = "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n";
    assertThat(RawClient.statuses(raw.exchange(get + none + get))).containsExactly(200, 404, 200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/references/..%2f..%2ftokens.json",
        "/v1/references/../../tokens.json",
        "/v1/references/%2e%2e%2f%2e%2e%2ftokens.json",
        "/v1/references/..%5c..%5ctokens.json",
        "/v1/references/..%00",
        "/v1/references/%c0%ae%c0%ae%2ftokens.json",
        "/v1/references//etc/passwd",
        "/v1/references/file:%2f%2f%2fetc%2fpasswd",
        "/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/v1/runs/../../tokens.json",
        "/ui/../../../../etc/passwd",
        "/ui/%2e%2e%2f%2e%2e%2ftokens.json",
        "/ui/..%5c..%5ctokens.json",
        "/ui/..\\..\\tokens.json",
      })
  void noPathLeadsToAFile(String path) throws IOException {
    for (String method : new String[] {"GET", "DELETE"}) {
      String answer =
          raw.exchange(
              method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      assertThat(answer)
          .matches("(?s)HTTP/1\\.1 (400|404|405) .*")
          .doesNotContain("root:", "sha256");
    }
  }

  @Test
  void everyAnswerHasTheHeadersThatGuardBrowsers() throws IOException {
    for (String request :
        new String[] {
          "GET /ui/nothing.js HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
          "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
          "GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
          "GET /v1/runs HTTP/1.1\r\nHost: other\r\nConnection: close\r\n\r\n",
          "GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
          "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
          "nonsense\r\n\r\n",
          HEAD + "Content-Length: 99999999\r\n\r\n",
        }) {
      assertThat(raw.exchange(request))
          .as(request)
          .contains(
              "content-security-policy: default-src 'self'; object-src 'none'; base-uri 'none';"
                  + " form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script';"
                  + " trusted-types lit-html\r\n",
              "x-content-type-options: nosniff\r\n",
              "referrer-policy: no-referrer\r\n",
              "cache-control: no-store\r\n")
          .doesNotContain("strict-transport-security");
    }
  }
}
