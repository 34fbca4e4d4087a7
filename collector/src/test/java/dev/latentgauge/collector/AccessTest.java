package dev.latentgauge.collector;

import static dev.latentgauge.collector.Observations.scored;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latentgauge.collector.access.AccessOptions;
import dev.latentgauge.collector.access.Scope;
import dev.latentgauge.collector.access.TokenFile;
import dev.latentgauge.collector.event.EventLimits;
import dev.latentgauge.observation.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, and who is not. */
@Timeout(60)
class AccessTest {

  private final MutableClock clock = new MutableClock();
  @TempDir private Path data;
  private Collector collector;
  private String read = "";
  private Client nobody;
  private Client reader;
  private Client writer;
  private Client admin;

  @BeforeEach
  void start() throws IOException {
    read = TestTokens.create(data, "prometheus", Scope.READ);
    String write = TestTokens.create(data, "fleet", Scope.WRITE);
    String all = TestTokens.create(data, "owner", Scope.ADMIN);
    collector = Collector.start(options(AccessOptions.DEFAULT));
    nobody = new Client(collector.address());
    reader = nobody.with(read);
    writer = nobody.with(write);
    admin = nobody.with(all);
  }

  @AfterEach
  void close() {
    collector.close();
  }

  private CollectorOptions options(AccessOptions access) {
    return CollectorOptions.builder()
        .port(0)
        .data(data)
        .clock(clock)
        .stopwatch(clock)
        .access(access)
        .build();
  }

  private void restart(AccessOptions access) throws IOException {
    collector.close();
    collector = Collector.start(options(access));
    nobody = new Client(collector.address());
  }

  /**
   * Waits for what another thread does within seconds; the time limit of the test is the only one.
   */
  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /metrics, read admin",
    "HEAD, /metrics, read admin",
    "GET, /v1/runs, read admin",
    "GET, /v1/trends, read admin",
    "GET, /v1/runs/a/decision, read write admin",
    "GET, /v1/policies, read admin",
    "GET, /v1/policies/a, read admin",
    "PUT, /v1/policies/a, admin",
    "DELETE, /v1/policies/a, admin",
    "GET, /v1/policies/a/decisions, read admin",
    "GET, /v1/comparisons, read admin",
    "GET, /v1/comparisons/plane, read admin",
    "GET, /v1/runs/known, read write admin",
    "GET, /v1/runs/known/observations, read admin",
    "GET, /v1/runs/known/attempts, read admin",
    "GET, /v1/references, read write admin",
    "GET, /v1/references/none, read write admin",
    "GET, /openapi.yaml, read write admin",
    "POST, /, admin",
    "PUT, /ui/index.html, admin",
    "GET, /ui, read admin",
    "GET, /v1/session, read write admin",
    "PUT, /v1/runs/known, write admin",
    "POST, /v1/runs/known/observations, write admin",
    "POST, /v1/runs/known/embeddings, write admin",
    "PUT, /v1/runs/known/sketches, write admin",
    "POST, /v1/runs/known/end, write admin",
    "PUT, /v1/references/none, write admin",
    "PUT, /v1/runs/known/directive, admin",
    "DELETE, /v1/runs/known, admin",
    "DELETE, /v1/references/none, admin",
    "POST, /v1/something/new, admin",
    "PATCH, /v1/runs/known, admin",
    "GET, /v1/something/new, read admin",
  })
  void eachScopeOpensItsAddressesAndNoOthers(String method, String path, String scopes) {
    List<String> open = List.of(scopes.split(" "));
    check(method, path, reader, "read", open);
    check(method, path, writer, "write", open);
    check(method, path, admin, "admin", open);
    assertThat(nobody.send(method, path, new byte[0]).status()).isEqualTo(401);
  }

  private static void check(
      String method, String path, Client client, String scope, List<String> open) {
    int status = client.send(method, path, new byte[0]).status();
    if (open.contains(scope)) {
      assertThat(status).as("%s %s with %s", method, path, scope).isNotIn(401, 403);
    } else {
      assertThat(status).as("%s %s with %s", method, path, scope).isEqualTo(403);
    }
  }

  @Test
  void onlyTheHealthOfTheProcessAndThePageAreToldToEverybody() {
    for (String path : List.of("/health/live", "/health/ready", "/", "/ui/style.css")) {
      assertThat(nobody.get(path).status()).as(path).isEqualTo(200);
    }
    for (String path :
        List.of(
            "/health",
            "/health/live/",
            "/health/../metrics",
            "/health/live/../../metrics",
            "/ui",
            "//v1/runs",
            "/v1/session")) {
      assertThat(nobody.get(path).status()).as(path).isEqualTo(401);
    }
  }

  @Test
  void anAgentDoesItsWorkWithAWriteToken() {
    assertThat(writer.put("/v1/runs/a", "{}").status()).isEqualTo(200);
    assertThat(writer.report("a", scored(1, 0.5)).status()).isEqualTo(200);
    assertThat(writer.post("/v1/runs/a/end", "{\"state\":\"completed\"}").status()).isEqualTo(200);
    assertThat(writer.get("/v1/runs/a").status()).isEqualTo(200);
    assertThat(writer.delete("/v1/runs/a").status()).isEqualTo(403);
    assertThat(admin.delete("/v1/runs/a").status()).isEqualTo(204);
  }

  @Test
  void aRequestWithoutATokenIsAskedForOne() {
    Client.Reply reply = nobody.get("/v1/runs");
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.header("content-type")).isEqualTo("application/problem+json");
    assertThat(reply.header("www-authenticate")).isEqualTo("Bearer realm=\"latentgauge\"");
    assertThat(reply.json().get("detail").getAsString())
        .isEqualTo("a token must be given (Authorization: Bearer), but is not");
  }

  @Test
  void whatATokenLacksIsNamed() {
    Client.Reply reply = reader.delete("/v1/runs/a");
    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.header("www-authenticate")).contains("error=\"insufficient_scope\"");
    assertThat(reply.json().get("detail").getAsString())
        .isEqualTo("for DELETE here the token must have the scope admin, but prometheus has read");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer nonsense",
        "Bearer",
        "Bearer ",
        "Basic b3duZXI6b3duZXI=",
        "Bearer a b",
        "lgtok_0000000000000000000000000000000000000000000000000000000000000000",
      })
  void whatIsNoTokenInForceIsRefused(String authorization) {
    Client.Reply reply = nobody.get("/metrics", "Authorization", authorization);
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.header("www-authenticate")).contains("error=\"invalid_token\"");
    assertThat(reply.text()).doesNotContain("nonsense", "lgtok");
  }

  @Test
  void refusalsAreCountedByReason() {
    nobody.get("/metrics");
    nobody.get("/metrics", "Authorization", "Bearer wrong");
    writer.get("/metrics");
    assertThat(reader.get("/metrics").text())
        .contains(
            "latentgauge_collector_rejected_total{reason=\"unauthenticated\"} 2.0\n",
            "latentgauge_collector_rejected_total{reason=\"forbidden\"} 1.0\n");
  }

  @Test
  void aTokenIsInForceAndOutOfItWithoutARestart() throws IOException {
    Client fresh = nobody.with(TestTokens.create(data, "fresh", Scope.READ));
    await(() -> fresh.get("/metrics").status() == 200);
    assertThat(file().revoke("fresh")).isTrue();
    await(() -> fresh.get("/metrics").status() != 200);
    assertThat(reader.get("/metrics").status()).isEqualTo(200);
  }

  @Test
  void aTokenEndsWhenItIsSaidTo() throws IOException {
    Client shortLived =
        nobody.with(
            file()
                .create(
                    "short", Set.of(Scope.READ), Optional.of(Duration.ofDays(1)), clock.instant())
                .reveal());
    await(() -> shortLived.get("/metrics").status() == 200);
    clock.pass(Duration.ofDays(1));
    assertThat(shortLived.get("/metrics").status()).isEqualTo(401);
    assertThat(reader.get("/metrics").status()).isEqualTo(200);
  }

  private TokenFile file() {
    return TokenFile.at(tokens());
  }

  private Path tokens() {
    return data.resolve(TokenFile.NAME);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{}", "[]", "{\"version\":1}", "nonsense", "{\"version\":2,\"tokens\":[]}"})
  void aDamagedFileChangesNothing(String content) throws Exception {
    byte[] good = Files.readAllBytes(tokens());
    String log =
        LoggedLines.during(
            soFar -> {
              Files.writeString(tokens(), content);
              await(() -> soFar.get().contains("cannot be used"));
              assertThat(nobody.get("/metrics").status()).isEqualTo(401);
              assertThat(reader.get("/metrics").status()).isEqualTo(200);
              Files.write(tokens(), good);
              TestTokens.create(data, "later", Scope.READ);
              await(() -> soFar.get().contains("4 tokens are in force"));
            });
    assertThat(log).containsOnlyOnce("cannot be used").contains("the 3 tokens read before stay");
  }

  @Test
  void aFileThatIsGoneOrThatOthersMayWriteOpensNothing() throws Exception {
    LoggedLines.during(
        soFar -> {
          Files.setPosixFilePermissions(tokens(), PosixFilePermissions.fromString("rw-rw-rw-"));
          await(() -> soFar.get().contains("chmod go-w"));
          Files.delete(tokens());
          await(() -> soFar.get().contains("is gone"));
          assertThat(nobody.get("/metrics").status()).isEqualTo(401);
          assertThat(reader.get("/metrics").status()).isEqualTo(200);
        });
  }

  @Test
  void revokingTheLastTokenShutsTheDoor() throws IOException {
    for (String name : List.of("prometheus", "fleet", "owner")) {
      file().revoke(name);
    }
    await(() -> reader.get("/metrics").status() != 200);
    assertThat(nobody.get("/metrics").status()).isEqualTo(401);
    restart(AccessOptions.DEFAULT);
    assertThat(nobody.get("/metrics").status()).isEqualTo(401);
  }

  @Test
  void aDamagedFileIsAnErrorAtTheStart() throws IOException {
    collector.close();
    Files.writeString(tokens(), "nonsense");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Collector.start(options(AccessOptions.DEFAULT)))
        .withMessageContaining(tokens().toString())
        .withMessageContaining("restore it, or create tokens anew");
  }

  @Test
  void onLoopbackTheDoorIsOpenUntilThereIsATokenFile() throws IOException {
    collector.close();
    Files.delete(tokens());
    restart(AccessOptions.DEFAULT);
    assertThat(nobody.get("/metrics").status()).isEqualTo(200);
    assertThat(nobody.get("/metrics", "Authorization", "Bearer whatever").status()).isEqualTo(200);
    Client fresh = nobody.with(TestTokens.create(data, "fresh", Scope.READ));
    await(() -> nobody.get("/metrics").status() != 200);
    assertThat(fresh.get("/metrics").status()).isEqualTo(200);
  }

  @Test
  void aFileThatComesDamagedShutsTheDoor() throws Exception {
    collector.close();
    Files.delete(tokens());
    restart(AccessOptions.DEFAULT);
    Files.writeString(tokens(), "nonsense");
    await(() -> nobody.get("/metrics").status() != 200);
  }

  @Test
  void tokensCanBeRequiredFromTheStart() throws IOException {
    collector.close();
    Files.delete(tokens());
    restart(AccessOptions.DEFAULT.requiringTokens());
    assertThat(nobody.get("/metrics").status()).isEqualTo(401);
    assertThat(nobody.get("/health/live").status()).isEqualTo(200);
  }

  @Test
  void tokensMayBeElsewhere(@TempDir Path other) throws IOException {
    String token = TestTokens.create(other, "mounted", Scope.READ);
    restart(AccessOptions.DEFAULT.withTokenFile(other.resolve(TokenFile.NAME)));
    assertThat(nobody.with(token).get("/metrics").status()).isEqualTo(200);
    assertThat(nobody.with(read).get("/metrics").status()).isEqualTo(401);
  }

  @Test
  void aTokenIsInNoLogAndNoAnswer() throws Exception {
    String token = TestTokens.create(data, "secret", Scope.WRITE);
    Client secret = nobody.with(token);
    StringBuilder answers = new StringBuilder();
    String log =
        LoggedLines.during(
            soFar -> {
              await(() -> secret.get("/openapi.yaml").status() == 200);
              for (String path :
                  List.of(
                      "/",
                      "/metrics",
                      "/v1/runs/" + token,
                      "/" + token,
                      "/ui/" + token,
                      "/v1/session")) {
                answers.append(secret.get(path).response().headers());
                if (!path.contains(token)) {
                  answers.append(secret.get(path).text());
                }
              }
              answers.append(
                  new RawClient(collector.address())
                      .exchange("GET / HTTP/1.1\r\nAuthorization : Bearer " + token + "\r\n\r\n"));
              answers.append(
                  new RawClient(collector.address())
                      .exchange(
                          "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                              + token
                              + "\u0001\r\n\r\n"));
              secret.send(
                  "POST",
                  "/v1/runs/a/observations",
                  Wire.write(List.of(scored(1, 0.5))).getBytes(StandardCharsets.UTF_8),
                  "Content-Type",
                  "application/json");
              file().revoke("secret");
              await(() -> secret.get("/openapi.yaml").status() != 200);
              collector.close();
            });
    assertThat(log).doesNotContain(token).doesNotContain(token.substring(6));
    assertThat(answers.toString()).doesNotContain(token);
    assertThat(Files.readString(tokens())).doesNotContain(token.substring(6));
  }

  @Test
  void aStreamOfEventsEndsWithTheTokenThatOpenedIt() throws IOException {
    collector.close();
    EventLimits restless = new EventLimits(10, 100, 1 << 20, Duration.ofMillis(100));
    CollectorOptions options =
        CollectorOptions.builder().port(0).data(data).events(restless).build();
    try (Collector other = Collector.start(options);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), other.address().getPort())) {
      socket.setSoTimeout(30_000);
      String request =
          "GET /v1/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer ";
      socket.getOutputStream().write((request + read + "\r\n\r\n").getBytes(US_ASCII));
      String begun = new String(socket.getInputStream().readNBytes(12), US_ASCII);
      assertThat(begun).isEqualTo("HTTP/1.1 200");
      assertThat(file().revoke("prometheus")).isTrue();
      // To its end, which comes.
      assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
          .contains("text/event-stream", "retry: ");
    }
  }
}
