package dev.latentgauge.collector;

import static dev.latentgauge.collector.Observations.scored;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.latentgauge.collector.store.Capacity;
import dev.latentgauge.observation.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the collector does not do, and how it says so. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class RefusalTest {

  private static final String OBSERVATIONS = "/v1/runs/garbage/observations";
  private static final int BODY_BYTES = 4096;

  /** After so long a test fails that would hang otherwise. */
  private static final int PATIENCE_MS = 30_000;

  private Collector collector;
  private Client client;

  @BeforeAll
  void start() throws IOException {
    collector =
        Collector.start(
            TestOptions.builder()
                .port(0)
                .bodyBytes(BODY_BYTES)
                .bodyBytesAtOnce(2 * BODY_BYTES)
                .bodyTime(Duration.ofMillis(200))
                .idleTime(Duration.ofSeconds(1))
                .observationsPerReport(3)
                .capacity(new Capacity(3, 100, 2, 5, 1 << 20))
                .build());
    client = new Client(collector.address());
  }

  @AfterAll
  void close() {
    collector.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limit=0 | limit | limit must be a whole number from 1 to 1000, but is \"0\"",
        "limit=1001 | limit | limit must be a whole number from 1 to 1000, but is \"1001\"",
        "limit=1e3 | limit | limit must be a whole number from 1 to 1000, but is \"1e3\"",
        "limit= | limit | limit must be a whole number from 1 to 1000, but is \"\"",
        "cursor=%25 | cursor | cursor must be the \"next\" of an earlier page of this list, but is \"%\"",
        "cursor=YQ | cursor | cursor must be the \"next\" of an earlier page of this list, but is \"YQ\"",
        "cursor=MS94L2EvYg | cursor | cursor must be the \"next\" of an earlier page of this list, but is \"MS94L2EvYg\"",
        "layer=a%20b | layer | layer must match [A-Za-z0-9._*@-]{1,128}, but is \"a b\"",
        "reference= | reference | reference must match [A-Za-z0-9._*@-]{1,128}, but is \"\"",
      })
  void aParameterThatIsNotAllowedIsNamedWithWhatIs(String query, String field, String detail) {
    client.put("/v1/runs/known", "{}");
    assertProblem(client.get("/v1/runs/known/observations?" + query), 400, field, detail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"score\":0.5 | \"score\":NaN | '' | the body is not valid JSON",
        "\"score\":0.5 | \"score\":1e999 | observations[0].score | must be a finite number",
        "\"score\":0.5 | \"score\":\"0.5\" | observations[0].score | must be a number",
        "\"step\":1 | \"step\":1e300 | observations[0].step | must be a whole number",
        "\"encoder\" | \"an encoder\" | observations[0] | layer must match",
        "\"encoder\" | {} | observations[0].layer | must be a string",
        "\"soft\" | \"\\ud800\" | observations[0].profile | must be well-formed Unicode",
        "\"probes\":512 | \"evaluations\":{\"\\udc00\":1},\"probes\":512 | observations[0].evaluations | must be well-formed Unicode",
        "[{ | [[{ | '' | the body is not valid JSON",
      })
  void aReportThatIsNotValidIsRefusedAndItsFieldNamed(
      String part, String replacement, String field, String detail) {
    String report = Wire.write(List.of(scored(1, 0.5)));
    assertThat(report).contains(part);
    assertProblem(client.post(OBSERVATIONS, report.replace(part, replacement)), 400, field, detail);
    assertThat(client.get("/v1/runs/garbage").status()).isEqualTo(404);
  }

  @Test
  void nestingIsNotFollowedForEver() {
    String deep = "[".repeat(2000);
    assertProblem(
        client.post(OBSERVATIONS, "{\"observations\":" + deep), 400, "", "is not valid JSON");
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    byte[] body = "{\"state\":\"x?\"}".getBytes(StandardCharsets.UTF_8);
    body[11] = (byte) 0xff;
    assertProblem(
        client.send("POST", "/v1/runs/a/end", body, "Content-Type", "application/json"),
        400,
        "",
        "the body must be UTF-8, but is not");
  }

  @Test
  void randomBodiesAreRefusedAndDoNoHarm() {
    byte[] report = Wire.write(List.of(scored(1, 0.5))).getBytes(StandardCharsets.UTF_8);
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      byte[] body = report.clone();
      if (seed % 2 == 0) {
        random.nextBytes(body);
      } else {
        for (int change = 0; change < 3; change++) {
          body[random.nextInt(body.length)] = (byte) random.nextInt(128);
        }
      }
      int status =
          client
              .send(
                  "POST", "/v1/runs/random/observations", body, "Content-Type", "application/json")
              .status();
      assertThat(status).as("status for seed %d", seed).isIn(200, 400, 409, 507);
    }
    client.delete("/v1/runs/random");
    assertThat(client.get("/health/live").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%20b", "a%2Fb", "%00", "%C3%A4", "a%25", "%7B"})
  void aNameThatIsNotAllowedIsRefused(String name) {
    assertProblem(
        client.put("/v1/runs/" + name, "{}"),
        400,
        "run",
        "the name of a run must match [A-Za-z0-9._*@-]{1,128}, but is ");
    assertThat(client.get("/v1/runs/" + name).status()).isEqualTo(404);
  }

  @Test
  void aNameMayBeWrittenWithPercents() {
    client.put("/v1/runs/percent%40%61", "{}");
    assertThat(client.get("/v1/runs/percent@a").status()).isEqualTo(200);
    client.delete("/v1/runs/percent@a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET | /v1/runs?limits=5 | limits | the parameters of this address must be among cursor, limit,",
        "GET | /v1/runs?limit=5&limit=6 | limit | limit must be given once, but is given 2 times",
        "GET | /v1/runs/known?limit=5 | limit | the parameters of this address must be none, but one is",
        "GET | /v1/runs/known/attempts?limit=5 | limit | the parameters of this address must be none, but one is",
        "DELETE | /v1/runs/known?force=1 | force | the parameters of this address must be none",
        "GET | /v1/runs/known/observations?Layer=x | Layer | must be among attempt, cursor, fromStep, layer, limit,",
        "GET | /metrics?name=x | name | must be among name[], scope, but one is",
      })
  void aParameterThatIsNotKnownIsRefusedCountedAndTheOthersListed(
      String method, String path, String field, String detail) {
    double before = refusals("malformed");
    assertProblem(client.send(method, path, new byte[0]), 400, field, detail);
    assertThat(refusals("malformed")).isEqualTo(before + 1);
  }

  @Test
  void aParameterThatIsNotAllowedIsCounted() {
    double before = refusals("malformed");
    client.get("/v1/runs?limit=0");
    client.get("/v1/references?cursor=%25");
    assertThat(refusals("malformed")).isEqualTo(before + 2);
  }

  private double refusals(String reason) {
    String line = "latentgauge_collector_rejected_total{reason=\"" + reason + "\"} ";
    return client
        .get("/metrics")
        .text()
        .lines()
        .filter(metric -> metric.startsWith(line))
        .mapToDouble(metric -> Double.parseDouble(metric.substring(line.length())))
        .sum();
  }

  @Test
  void aRefusalOfAnAddressBeforeItsBodyIsAskedForEndsTheConnection() throws IOException {
    assertThat(
            exchange(
                """
                PUT /v1/runs/a?x=1 HTTP/1.1\r
                Host: 127.0.0.1\r
                Content-Type: application/json\r
                Expect: 100-continue\r
                Content-Length: 2\r
                \r
                """))
        .startsWith("HTTP/1.1 400 ")
        .contains("connection: close")
        .doesNotContain("100 Continue");
  }

  @Test
  void anUnknownPathIsNotFound() {
    assertProblem(client.get("/v2/runs"), 404, "", "nothing is at \"/v2/runs\"");
  }

  @Test
  void aMethodThatIsNotAllowedIsRefusedAndTheOthersListed() {
    Client.Reply reply = client.delete("/v1/runs/a/observations");
    assertProblem(reply, 405, "", "the method must be one of GET, HEAD, POST, but is DELETE");
    assertThat(reply.header("allow")).isEqualTo("GET, HEAD, POST");
  }

  @Test
  void onlyJsonIsRead() {
    byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
    assertProblem(
        client.send("PUT", "/v1/runs/a", body, "Content-Type", "text/plain"),
        415,
        "Content-Type",
        "Content-Type must be application/json, but is \"text/plain\"");
    assertProblem(
        client.send("PUT", "/v1/runs/a", body),
        415,
        "Content-Type",
        "Content-Type must be application/json, but is missing");
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedWhetherItSaysSoOrNot() throws IOException {
    assertProblem(
        client.put("/v1/runs/a", " ".repeat(BODY_BYTES + 1)),
        413,
        "",
        "the body must have at most 4096 bytes, but has more");
    String chunk = Integer.toHexString(BODY_BYTES + 1) + "\r\n" + " ".repeat(BODY_BYTES + 1);
    assertThat(
            exchange(
                "PUT /v1/runs/a HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n"
                    + chunk
                    + "\r\n0\r\n\r\n"))
        .startsWith("HTTP/1.1 413 ");
    assertProblem(
        client.put("/v1/runs/a", " ".repeat(BODY_BYTES)),
        400,
        "",
        "the body must be a JSON object");
  }

  @Test
  void aBodyThatDoesNotArriveInTimeIsNotWaitedFor() throws IOException {
    assertThat(
            exchange(
                "PUT /v1/runs/a HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 100\r\n\r\n{"))
        .startsWith("HTTP/1.1 408 ")
        .contains("the body must arrive within");
  }

  @Test
  void aBodyThatGoesOnAfterItsRefusalIsCutOff() throws IOException {
    CollectorOptions patient =
        TestOptions.builder()
            .port(0)
            .bodyTime(Duration.ofMillis(200))
            .idleTime(Duration.ofHours(1))
            .build();
    try (Collector other = Collector.start(patient)) {
      assertThat(
              exchange(
                  other,
                  "PUT /v1/runs/a HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
                      + "Content-Length: 100\r\n\r\n{"))
          .startsWith("HTTP/1.1 415 ");
    }
  }

  @Test
  void aClientThatAsksFirstIsToldBeforeItSends() throws IOException {
    String head =
        "PUT /v1/runs/a HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Expect: 100-continue\r\nContent-Length: ";
    assertThat(exchange(head + "5000\r\n\r\n")).startsWith("HTTP/1.1 413 ");
    assertThat(exchange(head + "2\r\n\r\n")).startsWith("HTTP/1.1 100 ").contains(" 408 ");
  }

  @Test
  void aSilentConnectionIsClosed() throws IOException {
    assertThat(exchange("GET /metrics HTTP/1.1\r\nHo")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0000\u0001\u0002\r\n\r\n",
        "GET\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "POST /v1/runs/a/end HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
      })
  void whatIsNotHttpIsRefusedAndDoesNoHarm(String garbage) throws IOException {
    assertThat(exchange(garbage)).matches("(?s)(HTTP/\\S+ [45].*)?");
    assertThat(client.get("/health/live").status()).isEqualTo(200);
  }

  @Test
  void reportsBeyondALimitAreRefused() {
    client.put("/v1/runs/full", "{}");
    assertProblem(
        client.report("full", scored(1, 1), scored(2, 1), scored(3, 1), scored(4, 1)),
        400,
        "observations",
        "observations must have at most 3 elements, but has 4");
    client.report("full", scored(1, 1), scored(2, 1), scored(3, 1));
    assertProblem(
        client.report("full", scored(4, 1), scored(5, 1), scored(6, 1)),
        507,
        "",
        "observations of a run must be at most 5, but the run full would have 6");
    client.put("/v1/runs/known", "{}");
    client.put("/v1/runs/third", "{}");
    assertProblem(
        client.put("/v1/runs/fourth", "{}"),
        429,
        "",
        "live runs must be at most 3, and as many are live: end or delete some");
    client.delete("/v1/runs/third");
    client.delete("/v1/runs/full");
    assertThat(client.get("/metrics").text())
        .contains(
            "latentgauge_collector_rejected_total{reason=\"space\"} 1.0\n",
            "latentgauge_collector_rejected_total{reason=\"live_runs\"} 1.0\n");
  }

  @Test
  void aRunWithTooManySeriesIsRefusedForGood() {
    assertProblem(
        client.report(
            "wide", scored(1, "l1", 1, 0.5), scored(1, "l2", 1, 0.5), scored(1, "l3", 1, 0.5)),
        422,
        "",
        "must be at most 2, but the run wide would have 3");
    assertThat(client.get("/metrics").text())
        .contains("latentgauge_collector_rejected_total{reason=\"series\"} 1.0\n");
  }

  @Test
  void moreBodiesThanMayBeHeldAtOnceAreRefusedUntilTheOthersAreAnswered() throws Exception {
    CollectorOptions options =
        TestOptions.builder().port(0).bodyBytes(1000).bodyBytesAtOnce(1500).build();
    try (Collector other = Collector.start(options);
        Socket held = new Socket(InetAddress.getLoopbackAddress(), other.address().getPort())) {
      Client client = new Client(other.address());
      held.setSoTimeout(PATIENCE_MS);
      send(
          held,
          """
          PUT /v1/runs/a HTTP/1.1\r
          Host: localhost\r
          Content-Type: application/json\r
          Expect: 100-continue\r
          Content-Length: 1000\r
          \r
          """);
      String goOn = "HTTP/1.1 100 Continue\r\n\r\n";
      assertThat(held.getInputStream().readNBytes(goOn.length())).asString().isEqualTo(goOn);
      send(held, " ".repeat(997));
      String large = "{}" + " ".repeat(900);
      assertProblem(
          putUntil(503, client, large),
          503,
          "",
          "the bodies that are read at once must have at most 1500 bytes together");
      assertThat(client.put("/v1/runs/b", "{}").status()).isEqualTo(200);
      send(held, "{} ");
      String done = "HTTP/1.1 200";
      assertThat(held.getInputStream().readNBytes(done.length())).asString().isEqualTo(done);
      putUntil(200, client, large);
      assertThat(client.get("/metrics").text())
          .containsPattern("latentgauge_collector_rejected_total\\{reason=\"busy\"} [1-9]");
    }
  }

  /** Asks until what was sent elsewhere has arrived; the time limit of the test is the only one. */
  private static Client.Reply putUntil(int status, Client client, String body) {
    Client.Reply reply = client.put("/v1/runs/b", body);
    while (reply.status() != status) {
      reply = client.put("/v1/runs/b", body);
    }
    return reply;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private String exchange(String request) throws IOException {
    return exchange(collector, request);
  }

  /** Sends bytes, and answers all that comes back until the collector closes the connection. */
  private static String exchange(Collector collector, String request) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), collector.address().getPort())) {
      socket.setSoTimeout(PATIENCE_MS);
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void assertProblem(Client.Reply reply, int status, String field, String detail) {
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.header("content-type")).isEqualTo("application/problem+json");
    JsonObject problem = reply.json();
    assertThat(problem.get("status").getAsInt()).isEqualTo(status);
    assertThat(problem.get("type").getAsString()).startsWith("urn:latentgauge:problem:");
    assertThat(problem.get("title").getAsString()).isNotEmpty();
    assertThat(problem.get("detail").getAsString()).contains(detail);
    assertThat(problem.has("field") ? problem.get("field").getAsString() : "").isEqualTo(field);
  }
}
