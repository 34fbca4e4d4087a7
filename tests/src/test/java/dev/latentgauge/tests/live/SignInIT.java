package dev.latentgauge.tests.live;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import dev.latentgauge.tests.live.SyntheticRun.Fate;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Who may see what, where the collector wants tokens. */
@TestInstance(Lifecycle.PER_CLASS)
class SignInIT {

  @RegisterExtension static final Chromium CHROMIUM = new Chromium();

  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");

  private final Tokens tokens;
  private final LiveCollector collector;
  private final String admin;

  SignInIT(@TempDir Path folder) {
    tokens = new Tokens(folder);
    collector = LiveCollector.start(folder);
    ManyRuns many = ManyRuns.in(collector.api());
    Posting.of(
        List.of(many.plain("going", Fate.LIVE, 5), many.plain("over", Fate.COMPLETED, 5)),
        collector.api(),
        NOW);
    admin = tokens.create(collector, "operator", "admin");
    Awaitility.await().until(this::wantsTokens);
  }

  private boolean wantsTokens() {
    try {
      collector.api().get("/v1/runs");
      return false;
    } catch (IllegalStateException refused) {
      return true;
    }
  }

  @BeforeEach
  void expectThatStrangersAreRefused() {
    CHROMIUM.expect("401");
  }

  @AfterAll
  void stop() {
    collector.close();
    tokens.close();
  }

  private LivePage page(String view) {
    LivePage page = LivePage.open(CHROMIUM.page(), collector, "", "signin");
    page.go(view, "signin");
    return page;
  }

  private static void signIn(LivePage page, String token) {
    page.labelled("Token").fill(token);
    page.button("Sign in").click();
  }

  @Test
  void aTokenThatIsNoneIsRefused() {
    LivePage page = page("#/");
    page.assertAccessible();
    signIn(page, "lgtok_" + "0".repeat(64));
    assertThat(page.page().getByRole(AriaRole.ALERT)).not().isEmpty();
    assertThat(page.page().getByRole(AriaRole.ALERT)).containsText("oken");
    page.assertAccessible();
    assertThat(page.table()).hasCount(0);
    assertThat(page.link("References")).hasCount(0);
  }

  @Test
  void whoMayReadSeesAllAndCanChangeNothing() {
    LivePage page = page("#/?q=going");
    signIn(page, tokens.create(collector, "reader", "read"));
    page.awaitReady("runs");
    page.awaitRows(1);
    assertThat(page.text("reader")).isVisible();
    page.link("going").click();
    page.awaitReady("run");
    assertThat(page.button("Export CSV")).isVisible();
    assertThat(page.button("Stop …")).hasCount(0);
    assertThat(page.button("Delete …")).hasCount(0);
    page.link("References").click();
    page.awaitReady("references");
    assertThat(page.heading("Upload a reference")).hasCount(0);
    page.link("cnn-v1").click();
    page.awaitReady("reference");
    assertThat(page.button("Delete …")).hasCount(0);
    assertThat(page.text("A token, made by latentgauge token create --scope write")).isVisible();
  }

  @Test
  void whoMayDoAllSeesHow() {
    LivePage page = page("#/runs/going");
    signIn(page, admin);
    page.awaitReady("run");
    assertThat(page.heading("going")).isVisible();
    assertThat(page.button("Stop …")).isVisible();
    assertThat(page.button("Delete …")).isVisible();
    page.link("References").click();
    assertThat(page.heading("Upload a reference")).isVisible();
  }

  @Test
  void theTokenIsKeptNowhereAndTheSessionEnds() {
    LivePage page = page("#/runs/over");
    signIn(page, admin);
    page.awaitReady("run");
    String kept =
        (String)
            page.page()
                .evaluate(
                    "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href, history.state])");
    assertThat(kept).doesNotContain(admin.substring(6)).contains("#/runs/over");
    page.page().reload();
    page.awaitReady("run");
    assertThat(page.heading("over")).isVisible();
    page.button("Sign out").click();
    page.awaitReady("signin");
    page.page().reload();
    page.awaitReady("signin");
    assertThat(page.labelled("Token")).isVisible();
  }

  @Test
  void aTokenThatIsRevokedShowsNothingMore() {
    LivePage page = page("#/");
    signIn(page, tokens.create(collector, "leaver", "read"));
    page.awaitReady("runs");
    page.awaitRows(2);
    tokens.revoke("leaver");
    page.awaitReady("signin");
    assertThat(page.table()).hasCount(0);
    signIn(page, admin);
    page.awaitReady("runs");
    page.awaitRows(2);
  }
}
