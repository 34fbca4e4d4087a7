package dev.latentgauge.tests.live;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route.FulfillOptions;
import com.microsoft.playwright.options.AriaRole;
import dev.latentgauge.tests.live.SyntheticRun.Fate;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What people see while the collector is away, and after. */
@TestInstance(Lifecycle.PER_CLASS)
class DisconnectedIT {

  @RegisterExtension static final Chromium CHROMIUM = new Chromium();

  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");
  private static final int LENGTH = 12;

  private final LiveCollector collector;
  private final ManyRuns many;

  DisconnectedIT(@TempDir Path folder) {
    collector = LiveCollector.start(folder);
    many = ManyRuns.in(collector.api());
  }

  @BeforeEach
  void expectThatNobodyAnswers() {
    CHROMIUM.expect("net::ERR_");
    Posting.of(
        List.of(
            many.plain("going", Fate.LIVE, LENGTH), many.plain("deleted", Fate.COMPLETED, LENGTH)),
        collector.api(),
        NOW);
  }

  @AfterEach
  void leaveOneThatRuns() {
    collector.api().delete("new");
  }

  @AfterAll
  void stop() {
    collector.close();
  }

  private LivePage page(String view, String kind) {
    LivePage page = LivePage.open(CHROMIUM.page(), collector, view, kind);
    assertThat(connection(page)).hasText("live");
    return page;
  }

  private static Locator connection(LivePage page) {
    return page.page().getByRole(AriaRole.BANNER).getByRole(AriaRole.STATUS);
  }

  private static void assertAway(LivePage page) {
    assertThat(connection(page)).hasText("disconnected");
    assertThat(page.alert("The collector has not answered since")).isVisible();
  }

  private static void assertBack(LivePage page) {
    assertThat(connection(page)).hasText("live");
    assertThat(page.alert("The collector has not answered since")).hasCount(0);
  }

  @Test
  void whatWasKnownStaysWhenTheCollectorIsKilledAndGoesOnWhenItIsBack() {
    LivePage table = page("", "runs");
    LivePage run = page("#/runs/going", "run");
    LivePage compared = page("#/compare?run=going&run=deleted", "compare");
    collector.kill();
    List.of(table, run, compared).forEach(DisconnectedIT::assertAway);
    table.awaitRows(2);
    assertThat(run.figure("Score")).hasAttribute("aria-label", Pattern.compile("at step 275,"));
    table.assertAccessible();
    collector.startAgain();
    collector.api().delete("deleted");
    CHROMIUM.expect("404");
    GrowingRun going = GrowingRun.after(collector.api(), many.plain("going", Fate.LIVE, LENGTH));
    going.report(NOW);
    going.report(NOW);
    Posting.of(List.of(many.plain("new", Fate.COMPLETED, LENGTH)), collector.api(), NOW);
    List.of(table, run, compared).forEach(DisconnectedIT::assertBack);
    assertThat(table.cell("going", "Step")).hasText("325");
    assertThat(table.row("new")).hasCount(1);
    assertThat(table.row("deleted")).hasCount(0);
    assertThat(run.figure("Score")).hasAttribute("aria-label", Pattern.compile("at step 325,"));
    // The names of the columns, what was there, and two more.
    assertThat(drawn(run)).hasCount(1 + LENGTH + 2);
    assertThat(compared.figure("Score"))
        .hasAttribute("aria-label", Pattern.compile("going: .* at step 325,"));
    assertThat(compared.alert("Not here: deleted.")).isVisible();
    going.report(NOW);
    assertThat(table.cell("going", "Step")).hasText("350");
  }

  /** The rows of the chart's table. */
  private static Locator drawn(LivePage page) {
    Locator chart = page.chart("Score");
    chart.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Table")).click();
    return chart.getByRole(AriaRole.TABLE).getByRole(AriaRole.ROW);
  }

  @Test
  void aRunThatWasDeletedMeanwhileIsSaidToBe() {
    LivePage gone = page("#/runs/deleted", "run");
    LivePage anew = page("#/runs/going", "run");
    LivePage table = page("", "runs");
    List<LivePage> all = List.of(gone, anew, table);
    collector.stop();
    all.forEach(DisconnectedIT::assertAway);
    all.forEach(page -> page.page().context().setOffline(true));
    collector.startAgain();
    collector.api().delete("deleted");
    Posting.of(List.of(many.plain("going", Fate.LIVE, 3)), collector.api(), NOW);
    CHROMIUM.expect("404");
    // So that no event tells of it any more.
    collector.stop();
    collector.startAgain();
    all.forEach(page -> page.page().context().setOffline(false));
    all.forEach(DisconnectedIT::assertBack);
    assertThat(table.row("going")).hasCount(1);
    assertThat(table.row("deleted")).hasCount(0);
    assertThat(gone.alert("This run was deleted.")).isVisible();
    assertThat(gone.figure("Score")).isVisible();
    assertThat(anew.figure("Score")).hasAttribute("aria-label", Pattern.compile("at step 50,"));
    assertThat(anew.fact("Observations")).hasText("3");
  }

  @Test
  void aPageThatWasNeverReadSaysSoAndCanBeTriedAgain() {
    LivePage page = page("", "runs");
    page.page().route("**/v1/session", route -> route.fulfill(unavailable()));
    CHROMIUM.expect("503");
    page.page().reload();
    assertThat(page.heading("The collector does not answer as it should")).isVisible();
    assertThat(page.alert("it is starting")).isVisible();
    page.assertAccessible();
    page.page().unroute("**/v1/session");
    page.button("Try again").click();
    page.awaitReady("runs");
    page.awaitRows(2);
  }

  private static FulfillOptions unavailable() {
    return new FulfillOptions()
        .setStatus(503)
        .setContentType("application/problem+json")
        .setBody("{\"title\": \"Service Unavailable\", \"detail\": \"it is starting\"}");
  }
}
