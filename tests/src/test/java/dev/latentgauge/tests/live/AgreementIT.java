package dev.latentgauge.tests.live;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.SelectOption;
import dev.latentgauge.collector.Safetensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** How far runs agree with each other: all pairs, their consensus, and the maps of two. */
@TestInstance(Lifecycle.PER_CLASS)
class AgreementIT {

  @RegisterExtension static final Chromium CHROMIUM = new Chromium();

  private static final int PROBES = 80;
  private static final int ANCHORS = 16;
  private static final int DIMENSIONS = 6;

  /** Of two kinds, which describe the same inputs otherwise, and one that has broken. */
  private static final List<String> RUNS = List.of("red-1", "blue-1", "red-2", "blue-2", "broken");

  private final LiveCollector collector;

  AgreementIT(@TempDir Path folder) {
    collector = LiveCollector.start(folder);
  }

  @BeforeAll
  void fill() {
    for (String run : List.of("red-1", "red-2")) {
      sketch(run, 10, embeddings(1, 0.3, run.hashCode()));
    }
    for (String run : List.of("blue-1", "blue-2")) {
      sketch(run, 10, embeddings(2, 0.6, run.hashCode()));
    }
    float[][] broken = Safetensors.normal(new Random(3), PROBES, DIMENSIONS);
    broken[7][1] = Float.NaN;
    sketch(
        "broken",
        10,
        new Safetensors()
            .matrix("anchors", Safetensors.normal(new Random(4), ANCHORS, DIMENSIONS))
            .matrix("probes", broken));
  }

  private void sketch(String run, long step, Safetensors embeddings) {
    collector.api().sketch(run, "encoder", "mine", step, embeddings.bytes());
  }

  /** What a training of a kind makes of the inputs; with noise of its own. */
  private static Safetensors embeddings(long kind, double noise, long own) {
    Random common = new Random(kind);
    Random random = new Random(own);
    return new Safetensors()
        .matrix("anchors", blurred(common, random, ANCHORS, noise))
        .matrix("probes", blurred(common, random, PROBES, noise));
  }

  private static float[][] blurred(Random common, Random random, int rows, double noise) {
    return Safetensors.plus(
        Safetensors.normal(common, rows, DIMENSIONS),
        noise,
        Safetensors.normal(random, rows, DIMENSIONS));
  }

  @AfterAll
  void stop() {
    collector.close();
  }

  private LivePage page(String more) {
    return page(RUNS, more);
  }

  private LivePage page(List<String> runs, String more) {
    String named = runs.stream().map(run -> "run=" + run).collect(Collectors.joining("&"));
    return LivePage.open(CHROMIUM.page(), collector, "#/compare?" + named + more, "compare");
  }

  private static Locator table(LivePage page) {
    return page.the(AriaRole.REGION, "Scores of all pairs of runs");
  }

  private static Locator cell(LivePage page, String one, String other) {
    return table(page)
        .getByRole(
            AriaRole.BUTTON,
            new Locator.GetByRoleOptions().setName(Pattern.compile("^" + one + " and " + other)));
  }

  private static List<String> order(LivePage page) {
    return table(page).getByRole(AriaRole.ROWHEADER).getByRole(AriaRole.LINK).allTextContents();
  }

  private JsonObject comparison(List<String> runs) {
    return JsonParser.parseString(
            collector.api().get("/v1/comparisons?runs=" + String.join(",", runs)))
        .getAsJsonObject();
  }

  private static double number(JsonObject comparison, String matrix, int row, int column) {
    return comparison.getAsJsonArray(matrix).get(row).getAsJsonArray().get(column).getAsDouble();
  }

  private static String rounded(double number) {
    return String.format(Locale.ROOT, "%.3f", number).replace('-', '−');
  }

  @Test
  void eachPairHasItsScoreAndEachRunItsConsensus() {
    LivePage page = page("");
    JsonObject expected = comparison(RUNS);
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        if (i != j) {
          String label =
              RUNS.get(i)
                  + " and "
                  + RUNS.get(j)
                  + ": "
                  + rounded(number(expected, "scores", i, j))
                  + " ± "
                  + rounded(1.96 * number(expected, "standardErrors", i, j));
          assertThat(table(page).getByLabel(label)).hasCount(1);
        }
      }
      JsonObject consensus =
          expected.getAsJsonArray("runs").get(i).getAsJsonObject().getAsJsonObject("consensus");
      assertThat(row(page, RUNS.get(i)))
          .containsText(rounded(consensus.get("score").getAsDouble()));
    }
    assertThat(number(expected, "scores", 0, 2)).isGreaterThan(0.5);
    assertThat(number(expected, "scores", 0, 1)).isLessThan(0.2);
    assertThat(cell(page, "red-1", "broken"))
        .hasAttribute("aria-label", "red-1 and broken: no score");
    assertThat(row(page, "broken")).containsText("undefined non-finite embeddings");
    assertThat(page.text("By 80 probes and 16 anchors of mine, layer encoder.")).isVisible();
    page.assertAccessible();
  }

  private static Locator row(LivePage page, String run) {
    return table(page)
        .getByRole(AriaRole.ROW)
        .filter(new Locator.FilterOptions().setHas(page.page().getByText(run).first()));
  }

  @Test
  void theHigherTheScoreTheStrongerTheColour() {
    LivePage page = page("");
    assertThat(cell(page, "red-1", "red-2")).hasClass(Pattern.compile("heat-1[01]"));
    assertThat(cell(page, "red-1", "blue-1")).hasClass(Pattern.compile("heat-[0-3]$"));
    assertThat(cell(page, "red-1", "broken")).hasClass(Pattern.compile("heat-none"));
    assertThat(colour(cell(page, "red-1", "red-2")))
        .isNotEqualTo(colour(cell(page, "red-1", "blue-1")));
  }

  private static String colour(Locator cell) {
    return (String) cell.evaluate("cell => getComputedStyle(cell).backgroundColor");
  }

  @Test
  void runsThatAreAlikeStandBesideEachOtherIfThatIsWanted() {
    LivePage page = page("");
    assertThat(order(page)).isEqualTo(RUNS);
    page.choice("Order").selectOption(new SelectOption().setLabel("alike beside each other"));
    page.awaitView(view -> view.contains("order=alike"));
    assertThat(String.join(" ", order(page)))
        .matches("(red-. red-. ?|blue-. blue-. ?|broken ?){3}");
    page.choice("Order").selectOption(new SelectOption().setLabel("highest consensus first"));
    page.awaitView(view -> view.contains("order=consensus"));
    assertThat(order(page)).hasSize(5).endsWith("broken");
    assertThat(order(page).get(0)).startsWith("red");
    Csv csv =
        Csv.of(
            page.saved(
                page.page()
                    .locator(
                        ".title",
                        new Page.LocatorOptions().setHas(page.heading("Agreement with each other")))
                    .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("CSV")),
                "agreement.csv"));
    assertThat(csv.column("run")).isEqualTo(order(page));
    assertThat(csv.column("broken")).containsOnly("");
    assertThat(csv.column("undefined")).containsOnlyOnce("non-finite embeddings");
  }

  @Test
  void twoRunsAreDrawnAsEachDescribesTheProbes() {
    LivePage page = page("");
    cell(page, "red-1", "red-2").click();
    assertThat(page.heading("red-1 and red-2")).isVisible();
    assertThat(page.text(Pattern.compile("^score 0\\.\\d{3} ± 0\\.\\d{3}$"))).isVisible();
    page.awaitView(view -> view.contains("pair=red-1%2Cred-2"));
    for (String run : List.of("red-1", "red-2")) {
      Locator map = page.the(AriaRole.IMG, "80 probes as " + run + " describes them");
      assertThat(map.locator("circle")).hasCount(PROBES);
    }
    page.page().locator("[data-probe='17']").first().hover();
    assertThat(page.page().locator(".pointed")).hasCount(2);
    assertThat(page.page().locator(".pointed[data-probe='17']")).hasCount(2);
    assertThat(page.text("Probe 17")).isVisible();
    page.text("Probes that lie farthest apart").click();
    assertThat(page.page().locator("details .plain tbody tr")).hasCount(10);
    page.assertAccessible();
    Csv csv =
        Csv.of(
            page.saved(
                page.page()
                    .locator(
                        ".title", new Page.LocatorOptions().setHas(page.heading("red-1 and red-2")))
                    .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("CSV")),
                "plane.csv"));
    assertThat(csv.column("probe"))
        .isEqualTo(IntStream.range(0, PROBES).mapToObj(Integer::toString).toList());
    page.button("Close").click();
    assertThat(page.heading("red-1 and red-2")).hasCount(0);
  }

  @Test
  void aPairWithoutAScoreSaysWhy() {
    LivePage page = page("&pair=red-1,broken");
    assertThat(page.text("They have no score: non-finite embeddings.")).isVisible();
    assertThat(page.page().locator(".planes")).hasCount(0);
    page.assertAccessible();
  }

  @Test
  void aNewSketchIsSeenAsItComes() {
    // The map of a pair of which one is no more.
    CHROMIUM.expect("422");
    sketch("moving-1", 1, embeddings(5, 0.1, 1));
    sketch("moving-2", 1, embeddings(6, 0.1, 2));
    LivePage page = page(List.of("moving-1", "moving-2"), "&pair=moving-1,moving-2");
    Locator figure = page.page().locator("figcaption").last();
    assertThat(figure).hasText("moving-2 at step 1");
    String apart = cell(page, "moving-1", "moving-2").getAttribute("aria-label");
    sketch("moving-2", 2, embeddings(5, 0.1, 3));
    assertThat(cell(page, "moving-1", "moving-2")).not().hasAttribute("aria-label", apart);
    assertThat(cell(page, "moving-1", "moving-2")).hasClass(Pattern.compile("heat-\\d+"));
    assertThat(figure).hasText("moving-2 at step 2");
    collector.api().delete("moving-2");
    assertThat(page.text("No two of these runs have a sketch of the same layer")).isVisible();
    assertThat(page.text("Not compared: moving-1 (no other has a sketch")).isVisible();
    assertThat(page.choice("Layer and probes")).isVisible();
    page.assertAccessible();
    collector.api().delete("moving-1");
    assertThat(page.text("No two of these runs have sent sketches")).isVisible();
  }

  @Test
  void withoutNamesAllAreCompared() {
    LivePage page = LivePage.open(CHROMIUM.page(), collector, "#/compare", "compare");
    assertThat(page.text("These are all runs that can be compared")).isVisible();
    assertThat(order(page)).contains("red-1", "blue-2", "broken");
    page.assertAccessible();
    page.assertFits();
    page.page().setViewportSize(400, 800);
    page.assertFits();
  }

  @Test
  void theCellsAreOneStopOfTheTabulatorKeyAndArrowsGoAmongThem() {
    LivePage page = page("");
    table(page).focus();
    page.page().keyboard().press("Tab");
    assertThat(page.link("red-1").last()).isFocused();
    page.page().keyboard().press("Tab");
    assertThat(cell(page, "red-1", "blue-1")).isFocused();
    page.page().keyboard().press("ArrowRight");
    assertThat(cell(page, "red-1", "red-2")).isFocused();
    page.page().keyboard().press("ArrowDown");
    assertThat(cell(page, "blue-1", "red-2")).isFocused();
    page.page().keyboard().press("ArrowLeft");
    assertThat(cell(page, "blue-1", "red-1")).isFocused();
    page.page().keyboard().press("ArrowLeft");
    assertThat(cell(page, "blue-1", "red-1")).isFocused();
    page.page().keyboard().press("Enter");
    assertThat(page.heading("blue-1 and red-1")).isVisible();
    assertThat(cell(page, "blue-1", "red-1")).hasAttribute("aria-pressed", "true");
    page.page().keyboard().press("Enter");
    assertThat(page.heading("blue-1 and red-1")).hasCount(0);
  }
}
