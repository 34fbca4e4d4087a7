package dev.latentgauge.collector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.access.AccessOptions;
import dev.latentgauge.collector.access.Scope;
import dev.latentgauge.collector.access.TokenFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signing in, as the page of a browser does. */
@Timeout(60)
class SessionTest {

  private final MutableClock clock = new MutableClock();
  @TempDir private Path data;
  private String token = "";
  private Collector collector;
  private Client browser;

  @BeforeEach
  void start() throws IOException {
    token = TestTokens.create(data, "person", Scope.READ, Scope.ADMIN);
    start(AccessOptions.DEFAULT);
  }

  private void start(AccessOptions access) throws IOException {
    collector =
        Collector.start(
            CollectorOptions.builder()
                .port(0)
                .data(data)
                .clock(clock)
                .stopwatch(clock)
                .access(access)
                .build());
    browser = new Client(collector.address());
  }

  @AfterEach
  void close() {
    collector.close();
  }

  private Client.Reply signIn() {
    return browser.with(token).send("POST", "/v1/session", new byte[0]);
  }

  private static String cookie(Client.Reply reply) {
    return reply.header("set-cookie").split(";", 2)[0];
  }

  @Test
  void aTokenGivesACookieThatNoScriptAndNoOtherSiteCanUse() {
    Client.Reply reply = signIn();
    assertThat(reply.status()).isEqualTo(204);
    assertThat(reply.header("set-cookie"))
        .matches("latentgauge=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200")
        .doesNotContain(token.substring(6));
    String cookie = cookie(reply);
    assertThat(browser.get("/v1/runs", "Cookie", cookie).status()).isEqualTo(200);
    assertThat(browser.get("/v1/session", "Cookie", cookie).json().toString())
        .isEqualTo(
            "{\"version\":\""
                + Version.current()
                + "\",\"tokensRequired\":true,\"name\":\"person\",\"scopes\":[\"read\",\"admin\"]}");
    assertThat(browser.get("/v1/runs", "Cookie", "latentgauge=" + "0".repeat(64)).status())
        .isEqualTo(401);
  }

  @Test
  void behindAProxyTheCookieIsForHttpsAlone() throws IOException {
    collector.close();
    start(AccessOptions.DEFAULT.withProxy());
    Client.Reply reply = signIn();
    assertThat(reply.header("set-cookie"))
        .startsWith("__Host-latentgauge=")
        .endsWith("; Secure; Max-Age=43200");
    assertThat(browser.get("/v1/runs", "Cookie", cookie(reply)).status()).isEqualTo(200);
  }

  @Test
  void onlyATokenSignsIn() {
    assertThat(browser.send("POST", "/v1/session", new byte[0]).status()).isEqualTo(401);
    assertThat(
            browser.send("POST", "/v1/session", new byte[0], "Cookie", cookie(signIn())).status())
        .as("by a session")
        .isEqualTo(401);
  }

  @Test
  void whoSignsOutIsOut() {
    String cookie = cookie(signIn());
    String other = cookie(signIn());
    Client.Reply reply = browser.send("DELETE", "/v1/session", new byte[0], "Cookie", cookie);
    assertThat(reply.status()).isEqualTo(204);
    assertThat(reply.header("set-cookie")).startsWith("latentgauge=;").contains("Max-Age=0");
    assertThat(browser.get("/v1/runs", "Cookie", cookie).status()).isEqualTo(401);
    assertThat(browser.get("/v1/runs", "Cookie", other).status()).isEqualTo(200);
  }

  @Test
  void aSessionEndsAfterTwelveHoursHoweverBusy() {
    String cookie = cookie(signIn());
    for (int hour = 0; hour < 11; hour++) {
      clock.pass(Duration.ofHours(1));
      assertThat(browser.get("/v1/runs", "Cookie", cookie).status()).isEqualTo(200);
    }
    clock.pass(Duration.ofHours(1));
    assertThat(browser.get("/v1/runs", "Cookie", cookie).status()).isEqualTo(401);
  }

  @Test
  void aSessionEndsWithItsToken() throws IOException {
    String cookie = cookie(signIn());
    TokenFile.at(data.resolve(TokenFile.NAME)).revoke("person");
    while (browser.get("/v1/runs", "Cookie", cookie).status() == 200) {
      Thread.onSpinWait();
    }
    TestTokens.create(data, "person", Scope.READ);
    Client fresh = browser.with(TestTokens.create(data, "fresh", Scope.READ));
    while (fresh.get("/v1/runs").status() != 200) {
      Thread.onSpinWait();
    }
    assertThat(browser.get("/v1/runs", "Cookie", cookie).status())
        .as("another token of the same name")
        .isNotEqualTo(200);
  }

  @Test
  void aTokenHasAHundredSessionsAndTheOldestGoFirst() {
    String first = cookie(signIn());
    String second = cookie(signIn());
    for (int i = 2; i < 101; i++) {
      signIn();
    }
    assertThat(browser.get("/v1/runs", "Cookie", first).status()).isEqualTo(401);
    assertThat(browser.get("/v1/runs", "Cookie", second).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-Fetch-Site, same-origin, 404",
    "Sec-Fetch-Site, none, 404",
    "Sec-Fetch-Site, same-site, 403",
    "Sec-Fetch-Site, cross-site, 403",
    "Sec-Fetch-Site, nonsense, 403",
    "Origin, http://attacker.example, 403",
    "Origin, null, 403",
    "X-Nothing, said, 404",
  })
  void aCookieChangesNothingForAnotherSite(String header, String value, int status) {
    Client.Reply reply =
        browser.send(
            "DELETE", "/v1/runs/a", new byte[0], "Cookie", cookie(signIn()), header, value);
    assertThat(reply.status()).isEqualTo(status);
  }

  @Test
  void ownPagesOfOlderBrowsersMayChangeThings() {
    String origin = collector.address().toString();
    assertThat(
            browser
                .send(
                    "DELETE",
                    "/v1/runs/a",
                    new byte[0],
                    "Cookie",
                    cookie(signIn()),
                    "Origin",
                    origin)
                .status())
        .isEqualTo(404);
  }

  @Test
  void aTokenIsItsOwnProofWhereverThePageIsFrom() {
    assertThat(
            browser
                .with(token)
                .send("DELETE", "/v1/runs/a", new byte[0], "Origin", "http://attacker.example")
                .status())
        .isEqualTo(404);
  }
}
