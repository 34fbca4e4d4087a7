package dev.latentgauge.collector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.access.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The live page and its files, of a collector that wants tokens for all else. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageTest {

  private static final Path SOURCE = Path.of("src", "main", "ui");

  private static final List<String> LIBRARIES =
      List.of(
          "lib/uplot/uPlot.esm.js",
          "lib/uplot/uPlot.min.css",
          "lib/uplot/LICENSE.txt",
          "lib/lit-html/LICENSE.txt",
          "lib/lit-html/lit-html.js",
          "lib/lit-html/directive.js",
          "lib/lit-html/directive-helpers.js",
          "lib/lit-html/async-directive.js",
          "lib/lit-html/directives/repeat.js",
          "lib/lit-html/directives/class-map.js",
          "lib/lit-html/directives/private-async-helpers.js");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "txt", "text/plain; charset=utf-8");

  private Collector collector;
  private Client client;

  @BeforeAll
  void start(@TempDir Path data) throws IOException {
    TestTokens.create(data, "somebody", Scope.READ);
    collector = Collector.start(CollectorOptions.builder().port(0).data(data).build());
    client = new Client(collector.address());
  }

  @AfterAll
  void close() {
    collector.close();
  }

  /** What lies in the folder of the page and is for browsers. */
  private static List<String> own() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCE)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> SOURCE.relativize(file).toString().replace('\\', '/'))
          .filter(name -> !name.matches("(tests?|node_modules)/.*|.*(\\.json|\\.md|\\.test\\.js)"))
          .toList();
    }
  }

  /** Where the files are served. */
  static Stream<String> paths() throws IOException {
    return Stream.concat(own().stream(), LIBRARIES.stream()).map(PageTest::path);
  }

  private static String path(String name) {
    return name.equals("index.html") ? "/" : "/ui/" + name;
  }

  @Test
  void theAddressOfTheCollectorIsThePage() throws IOException {
    Client.Reply page = client.get("/");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("content-type")).isEqualTo("text/html; charset=utf-8");
    assertThat(page.text()).isEqualTo(Files.readString(SOURCE.resolve("index.html")));
    assertThat(client.get("/?utm_source=mail").text()).isEqualTo(page.text());
  }

  @Test
  void itsOwnFilesAreServedAsTheyLieThere() throws IOException {
    for (String name : own()) {
      assertThat(client.get(path(name)).plain())
          .as(name)
          .isEqualTo(Files.readAllBytes(SOURCE.resolve(name)));
    }
  }

  @ParameterizedTest
  @MethodSource("paths")
  void everyFileIsServedToEverybodyByItsType(String path) {
    Client.Reply file = client.get(path);
    assertThat(file.status()).isEqualTo(200);
    assertThat(file.header("content-type"))
        .isEqualTo(
            TYPES.get(path.equals("/") ? "html" : path.substring(path.lastIndexOf('.') + 1)));
    assertThat(file.header("cache-control")).isEqualTo("no-cache");
    assertThat(file.header("vary")).isEqualTo("Accept-Encoding");
    assertThat(file.header("content-encoding")).isEmpty();
    assertThat(client.get(path + "?v=1&v=2").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @MethodSource("paths")
  void whoHasAFileIsNotSentItAgain(String path) {
    for (String encoding : new String[] {"identity", "gzip"}) {
      String tag = client.get(path, "Accept-Encoding", encoding).header("etag");
      assertThat(tag).matches("\"[0-9a-f]{64}\"");
      Client.Reply again = client.get(path, "Accept-Encoding", encoding, "If-None-Match", tag);
      assertThat(again.status()).isEqualTo(304);
      assertThat(again.response().body()).isEmpty();
      assertThat(again.header("etag")).isEqualTo(tag);
      assertThat(again.header("content-encoding")).isEmpty();
      assertThat(client.get(path, "If-None-Match", "\"x\"").status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @MethodSource("paths")
  void whoAcceptsGzipIsSentFewerBytesOfTheSameFile(String path) {
    Client.Reply plain = client.get(path);
    Client.Reply small = client.get(path, "Accept-Encoding", "gzip, br");
    assertThat(small.plain()).isEqualTo(plain.plain());
    assertThat(small.response().body().length).isLessThanOrEqualTo(plain.plain().length);
    assertThat(small.header("etag").equals(plain.header("etag")))
        .as("one tag for both")
        .isEqualTo(small.header("content-encoding").isEmpty());
  }

  @Test
  void largeFilesAreCompressed() {
    Client.Reply chart = client.get("/ui/lib/uplot/uPlot.esm.js", "Accept-Encoding", "gzip");
    assertThat(chart.header("content-encoding")).isEqualTo("gzip");
    assertThat(chart.response().body().length).isLessThan(chart.plain().length / 2);
  }

  @ParameterizedTest
  @MethodSource("paths")
  void headAnswersAsGetWouldWithoutTheBody(String path) {
    for (String encoding : new String[] {"identity", "gzip"}) {
      Client.Reply get = client.get(path, "Accept-Encoding", encoding);
      Client.Reply head = client.send("HEAD", path, new byte[0], "Accept-Encoding", encoding);
      assertThat(head.response().body()).isEmpty();
      for (String header : List.of("content-length", "content-type", "etag", "cache-control")) {
        assertThat(head.header(header)).as(header).isEqualTo(get.header(header));
      }
    }
  }

  @Test
  void differentFilesHaveDifferentTags() {
    Set<String> tags = new HashSet<>();
    for (String name : LIBRARIES) {
      assertThat(tags.add(client.get("/ui/" + name).header("etag"))).as(name).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ui/",
        "/ui/nothing.js",
        "/ui/index.html",
        "/ui/index.html/",
        "/ui/Index.html",
        "/ui//index.html",
        "//ui/index.html",
        "/ui/lib",
        "/ui/lib/",
        "/ui/lib/uplot",
        "/ui/lib/lit-html/directives",
        "/ui/lib/lit-html/package.json",
        "/ui/lib/uplot/dist/uPlot.esm.js",
        "/ui/../",
        "/ui/./index.html",
        "/ui/lib/../index.html",
        "/ui/%2e%2e/",
        "/ui/%2e%2e%2fPageHandler.class",
        "/ui/..%2fPageHandler.class",
        "/ui/..%5cPageHandler.class",
        "/ui/..\\PageHandler.class",
        "/ui/lib\\uplot\\uPlot.esm.js",
        "/ui/index%2ehtml",
        "/ui/%69ndex.html",
        "/ui/index.html%00",
        "/ui/index.html;a=b",
        "/ui/openapi.yaml",
        "/ui/dev/latentgauge/collector/web/openapi.yaml",
        "/ui/META-INF/MANIFEST.MF",
        "/ui/logback.xml",
        "/ui/file:/etc/passwd",
      })
  void nothingElseIsThereByWhateverWay(String path) throws IOException {
    String answer =
        new RawClient(collector.address())
            .exchange("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 404 ").contains("urn:latentgauge:problem:not-found");
  }

  @Test
  void whatDoesNotBelongToThePageStillNeedsAToken() throws IOException {
    List<String> statuses = new ArrayList<>();
    for (String path :
        new String[] {"/v1/runs", "/ui/../v1/runs", "/ui/%2e%2e/metrics", "/ui", "/v1/session"}) {
      String answer =
          new RawClient(collector.address())
              .exchange(
                  "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      statuses.add(answer.substring(9, 12));
    }
    assertThat(statuses).containsOnly("401");
  }
}
