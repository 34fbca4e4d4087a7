package dev.latentgauge.tests.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the tests of the page rest on: that nothing goes wrong in a browser unseen. */
class ChromiumTest {

  @RegisterExtension static final Chromium CHROMIUM = new Chromium();

  private static final String POLICY =
      "default-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html";
  private static final String GOOD =
      """
      <!doctype html><html lang="en"><head><title>Good</title><link rel="icon" href="/empty"></head>
      <body><header><h1>Runs</h1></header><main><p>None yet.</p>
      <label>Name <input></label></main>%s</body></html>
      """;

  private HttpServer server = closedServer();

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    answer("/empty", 200, "");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static HttpServer closedServer() {
    try {
      return HttpServer.create();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void answer(String path, int status, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
          exchange
              .getResponseHeaders()
              .set("Content-Type", path.endsWith(".js") ? "text/javascript" : "text/html");
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  private Page open(String more) {
    answer("/page", 200, GOOD.formatted(more));
    Page page = CHROMIUM.page();
    page.navigate("http://127.0.0.1:" + server.getAddress().getPort() + "/page");
    return page;
  }

  private Page run(String script) {
    answer("/script.js", 200, script);
    return open("<script src=\"/script.js\"></script>");
  }

  @Test
  void aGoodPageIsWithoutComplaintsAndAccessibleUnderAStrictPolicy() {
    Page page = run("console.info('all is well')");
    Accessibility.assertAccessible(page);
    assertThat(CHROMIUM.complaints()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          console.error('a', 1)                       | console error: a 1
          console.warn('b')                           | console warning: b
          throw new TypeError('c')                    | uncaught: .*TypeError: c
          Promise.reject(new Error('d'))              | uncaught: .*Error: d
          document.body.innerHTML = '<p>e'            | console error: .*TrustedHTML
          document.body.setAttribute('style', 'top: 0') | console error: .*Content Security Policy
          fetch('http://127.0.0.1:1/').catch(() => 0) | console error: .*Content Security Policy
          fetch('/missing')                           | answered 404: GET .*/missing
          """)
  void whatGoesWrongIsSeen(String script, String complaint) {
    Page page = run(script);
    page.waitForCondition(
        () ->
            CHROMIUM.complaints().stream().anyMatch(each -> each.matches(complaint + ".*(?s).*")));
    CHROMIUM.expect(".*");
    assertThat(CHROMIUM.complaints()).isEmpty();
  }

  @Test
  void aRequestThatNobodyAnswersIsSeen() {
    Page page = open("");
    server.stop(0);
    page.evaluate("fetch('/page').catch(() => 0)");
    assertThat(CHROMIUM.complaints()).anyMatch(each -> each.startsWith("failed: GET http"));
    CHROMIUM.expect("net::ERR_CONNECTION_");
    assertThat(CHROMIUM.complaints()).isEmpty();
  }

  @Test
  void whatKeepsPeopleFromUsingAPageIsSaidWithItsElement() {
    Page page = open("<main><img src=\"/empty\"></main><button></button>");
    assertThatThrownBy(() -> Accessibility.assertAccessible(page))
        .hasMessageContaining("image-alt (critical)")
        .hasMessageContaining("<button></button>")
        .hasMessageContaining("landmark-no-duplicate-main");
  }

  @Test
  void windowsShareNothing() {
    open("").evaluate("localStorage.setItem('theme', 'dark')");
    Page other = CHROMIUM.page();
    other.navigate("http://127.0.0.1:" + server.getAddress().getPort() + "/page");
    assertThat(other.evaluate("localStorage.getItem('theme')")).isNull();
  }
}
