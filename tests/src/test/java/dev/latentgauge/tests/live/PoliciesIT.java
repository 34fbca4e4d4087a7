package dev.latentgauge.tests.live;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.SelectOption;
import dev.latentgauge.collector.Observations;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Rules that stop runs: what they are, what they decided, and why. */
@TestInstance(Lifecycle.PER_CLASS)
class PoliciesIT {

  @RegisterExtension static final Chromium CHROMIUM = new Chromium();

  private final LiveCollector collector;
  private final CollectorApi api;

  /** Another one, which outlives the window that looks at it. */
  private final LiveCollector withoutPolicies;

  PoliciesIT(@TempDir Path folder, @TempDir Path another) {
    collector = LiveCollector.start(folder);
    api = collector.api();
    withoutPolicies = LiveCollector.start(another);
  }

  @AfterAll
  void stop() {
    collector.close();
    withoutPolicies.close();
  }

  @BeforeEach
  void expectNoReference() {
    // The runs are scored against one that is not kept here.
    CHROMIUM.expect("/v1/references/good");
  }

  /** Defines a policy, and two runs of its group that have come to its first checkpoint. */
  private void define(String policy) {
    api.define(
        policy,
        "{\"runs\":\""
            + policy
            + "-*\",\"rule\":\"median\",\"resource\":\"step\",\"gracePeriod\":100,\"minPeers\":2}");
    report(policy + "-a", 100, 0.6);
    report(policy + "-b", 100, 0.5);
  }

  private boolean report(String run, long step, double score) {
    return api.report(run, List.of(Observations.scored(step, score))).stops();
  }

  private static Locator rows(LivePage page) {
    return page.the(AriaRole.REGION, "Table of decisions").locator("tbody tr");
  }

  private LivePage page(String view, String kind) {
    return LivePage.open(CHROMIUM.page(), collector, view, kind);
  }

  @Test
  void whatAPolicyDecidesIsSeenAsItHappens() {
    define("lr");
    LivePage page = page("#/policies", "policies");
    Locator row =
        page.the(AriaRole.REGION, "Table of policies")
            .getByRole(AriaRole.ROW)
            .filter(new Locator.FilterOptions().setHas(page.link("lr")));
    assertThat(row.getByRole(AriaRole.CELL))
        .containsText(new String[] {"lr-*", "score, more is better", "median rule", "0", "0", "2"});
    page.assertAccessible();
    page.link("lr").click();
    page.awaitReady("policy");
    assertThat(page.fact("First checkpoint")).hasText("step 100");
    assertThat(page.fact("Told to stop")).hasText("0");
    assertThat(rows(page)).hasCount(2);

    assertThat(report("lr-c", 100, 0.1)).isTrue();

    assertThat(rows(page)).hasCount(3);
    assertThat(rows(page).first().getByRole(AriaRole.CELL))
        .containsText(
            new String[] {
              "stop",
              "100",
              "0.1",
              "0.55",
              "3 of 3",
              "to go on it would have needed 0.5500, the median of the others"
            });
    assertThat(page.fact("Told to stop")).hasText("1");
    page.choice("Show").selectOption(new SelectOption().setLabel("stop"));
    assertThat(rows(page)).hasCount(1);
    page.assertAccessible();
    page.link("lr-c").click();
    page.awaitReady("run");
    assertThat(page.text("It is told to stop: lr: its score at step 100")).isVisible();
    assertThat(rows(page)).hasCount(1);
    assertThat(page.text("awaits nothing: the run was told to stop.")).isVisible();
    page.assertAccessible();
  }

  @Test
  void somebodyLetsARunGoOnWhateverThePolicySays() {
    define("wd");
    assertThat(report("wd-c", 100, 0.1)).isTrue();
    LivePage page = page("#/runs/wd-c", "run");
    page.button("Let it go on").click();
    page.field("Why (the run keeps it)").fill("slow, but sure");
    page.answer("Let it go on");
    assertThat(page.text("It was told to go on, whatever policies say: slow, but sure"))
        .isVisible();
    assertThat(report("wd-a", 200, 0.6) || report("wd-b", 200, 0.5)).isFalse();
    assertThat(report("wd-c", 200, 0.1)).isFalse();
  }

  @Test
  void aPolicyIsDeleted() {
    define("warmup");
    LivePage page = page("#/policies/warmup", "policy");
    page.button("Delete …").click();
    page.answer("Cancel");
    page.button("Delete …").click();
    page.answer("Delete it");
    page.awaitReady("policies");
    assertThat(page.heading("Policies")).isVisible();
    assertThat(page.link("warmup")).hasCount(0);
    page.assertAccessible();
    page.go("#/policies/warmup", "policy");
    assertThat(page.heading("There is no policy warmup")).isVisible();
  }

  @Test
  void aRunThatNoPolicyConcernsSaysNothingOfThem() {
    report("other", 100, 0.6);
    LivePage page = page("#/runs/other", "run");
    assertThat(page.heading("Information")).isVisible();
    assertThat(page.heading("Stop policies")).hasCount(0);
  }

  @Test
  void withoutPoliciesItIsSaidHowToDefineOne() {
    LivePage page = LivePage.open(CHROMIUM.page(), withoutPolicies, "#/policies", "policies");
    assertThat(page.heading("No run is stopped by a policy")).isVisible();
    page.assertAccessible();
  }
}
