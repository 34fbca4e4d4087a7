package dev.latentgauge.tests.live;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.WebError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What went wrong in the pages of a test without anybody looking: errors and warnings in the
 * console, of which violations of the Content-Security-Policy are some; exceptions that nobody
 * caught; requests that failed, or were answered by an error.
 */
final class Complaints {

  private static final Set<String> SERIOUS = Set.of("error", "warning", "assert");

  /** Of requests that the page, or its end, broke off. */
  private static final String ABORTED = "net::ERR_ABORTED";

  private final List<String> all = new ArrayList<>();
  private final List<Pattern> expected = new ArrayList<>();

  /** Listens to all pages of a context. */
  void listenTo(BrowserContext context) {
    context.onConsoleMessage(this::console);
    context.onWebError(this::uncaught);
    context.onRequestFailed(this::failed);
    context.onResponse(this::answered);
  }

  /**
   * Says that complaints in which something is found are part of the test.
   *
   * @param pattern a regular expression
   */
  void expect(String pattern) {
    expected.add(Pattern.compile(pattern));
  }

  /** Those that nobody expected. */
  List<String> unexpected() {
    return all.stream().filter(each -> !isExpected(each)).toList();
  }

  /** Begins anew. */
  void clear() {
    all.clear();
    expected.clear();
  }

  private boolean isExpected(String complaint) {
    return expected.stream().anyMatch(pattern -> pattern.matcher(complaint).find());
  }

  private void console(ConsoleMessage message) {
    if (SERIOUS.contains(message.type())) {
      all.add(
          "console " + message.type() + ": " + message.text() + " (" + message.location() + ")");
    }
  }

  private void uncaught(WebError error) {
    all.add("uncaught: " + error.error());
  }

  private void failed(Request request) {
    if (!ABORTED.equals(request.failure())) {
      all.add("failed: " + request.method() + " " + request.url() + ": " + request.failure());
    }
  }

  private void answered(Response response) {
    if (response.status() >= 400) {
      all.add(
          "answered "
              + response.status()
              + ": "
              + response.request().method()
              + " "
              + response.url());
    }
  }
}
