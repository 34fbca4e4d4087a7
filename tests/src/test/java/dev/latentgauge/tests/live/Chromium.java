package dev.latentgauge.tests.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Chromium for the tests of a class, in which every test has windows of its own, without a past:
 * {@code @RegisterExtension static final Chromium CHROMIUM = new Chromium();}
 *
 * <p>A test fails if something went wrong in its windows that it did not {@link #expect}, see
 * {@link Complaints}. Of a test that fails the pictures and the elements of its windows are kept in
 * {@code tests/target/live}. Not thread-safe: only the thread of the test may use its pages. Of
 * those, {@code waitForFunction} evaluates texts, which the policy of the collector's page forbids;
 * assertions and {@code waitForCondition} do without.
 */
public final class Chromium
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

  private static final Logger LOG = LoggerFactory.getLogger(Chromium.class);

  /** Where pictures go. */
  static final Path PICTURES = Path.of("target", "live");

  private static final Path EXECUTABLE = Path.of("/usr/bin/chromium");
  private static final List<String> ARGUMENTS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  /** Longer than any page takes on a machine that does other things as well. */
  private static final double PATIENCE_MILLIS = 30_000;

  private final Complaints complaints = new Complaints();
  private final List<Page> pages = new ArrayList<>();
  private @Nullable Playwright playwright;
  private @Nullable Browser browser;
  private String test = "";

  /** Starts what speaks to browsers, with none of its own. */
  public static Playwright playwright() {
    // Hundreds of megabytes, which a process that is killed leaves behind.
    Path unpacked = PICTURES.resolveSibling("playwright").toAbsolutePath();
    unpacked.toFile().mkdirs();
    System.setProperty("playwright.driver.tmpdir", unpacked.toString());
    return Playwright.create(
        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
  }

  /** Starts a Chromium without windows. */
  public static Browser launch(Playwright playwright) {
    return playwright
        .chromium()
        .launch(new LaunchOptions().setExecutablePath(EXECUTABLE).setArgs(ARGUMENTS));
  }

  /** How windows are unless a test wants them otherwise: 1280 x 800, light, in UTC. */
  public static NewContextOptions options() {
    return new NewContextOptions()
        .setViewportSize(1280, 800)
        .setLocale("en-GB")
        .setTimezoneId("UTC");
  }

  /** Opens a window. */
  public Page page() {
    return page(options());
  }

  /**
   * Opens a window that shares nothing with the others, see {@link #options}. Colours, size and
   * network of an open one change by {@code page.emulateMedia}, {@code page.setViewportSize} and
   * {@code page.context().setOffline}.
   */
  public Page page(NewContextOptions options) {
    if (browser == null) {
      throw new IllegalStateException("a Chromium must be a static field, with @RegisterExtension");
    }
    BrowserContext context = browser.newContext(options);
    context.setDefaultTimeout(PATIENCE_MILLIS);
    complaints.listenTo(context);
    Page page = context.newPage();
    pages.add(page);
    return page;
  }

  /**
   * Says that complaints in which a regular expression is found are part of the test.
   *
   * @param pattern such as {@code "net::ERR_CONNECTION_REFUSED"}
   */
  public void expect(String pattern) {
    complaints.expect(pattern);
  }

  /** What went wrong so far in this test, and was not expected. */
  public List<String> complaints() {
    // Messages of a page arrive while something is asked for, in their order.
    pages.stream().filter(page -> !page.isClosed()).forEach(page -> page.evaluate("0"));
    return complaints.unexpected();
  }

  /** Keeps a picture of a window as it is seen, under the names of the test and its own. */
  public Path picture(Page page, String name) {
    Path file = PICTURES.resolve(test + "-" + name + ".png");
    page.screenshot(new Page.ScreenshotOptions().setPath(file));
    return file;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    playwright = playwright();
    browser = launch(playwright);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    test =
        context.getRequiredTestClass().getSimpleName()
            + "-"
            + context.getRequiredTestMethod().getName();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    try {
      if (context.getExecutionException().isPresent()) {
        keep();
      } else {
        requireNoComplaints();
      }
    } finally {
      pages.forEach(page -> page.context().close());
      pages.clear();
      complaints.clear();
    }
  }

  private void requireNoComplaints() {
    List<String> found = complaints();
    if (!found.isEmpty()) {
      keep();
    }
    assertThat(found).as("what went wrong in the browser").isEmpty();
  }

  /** What can be seen of a failure; that it cannot be kept is no other. */
  private void keep() {
    for (int i = 0; i < pages.size(); i++) {
      try {
        picture(pages.get(i), "failed-" + i);
        Files.writeString(
            PICTURES.resolve(test + "-failed-" + i + ".html"), pages.get(i).content());
      } catch (PlaywrightException e) {
        LOG.warn("no picture of {}: {}", test, e.getMessage());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (browser != null) {
      browser.close();
    }
    if (playwright != null) {
      playwright.close();
    }
  }
}
