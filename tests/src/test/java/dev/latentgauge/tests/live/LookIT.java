package dev.latentgauge.tests.live;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.SelectOption;
import dev.latentgauge.collector.Safetensors;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.tests.live.SyntheticRun.Fate;
import java.awt.Color;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the page looks: in light and dark, on small screens, by keys, and with any text in it. */
@TestInstance(Lifecycle.PER_CLASS)
class LookIT {

  @RegisterExtension static final Chromium CHROMIUM = new Chromium();

  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");
  private static final String MARKUP = "<img src=x onerror=alert(1)>\"'`${1}&amp;";
  private static final String RIGHT_TO_LEFT = "\u202eشبكة עצבית";
  private static final String LONG = "W".repeat(1000);
  private static final String LONGEST_NAME = "n".repeat(128);

  private final LiveCollector collector;

  LookIT(@TempDir Path folder) {
    collector = LiveCollector.start(folder);
  }

  @BeforeAll
  void fill() {
    CollectorApi api = collector.api();
    ManyRuns many = ManyRuns.in(api);
    Posting.of(
        List.of(
            many.plain("plain", Fate.COMPLETED, 20),
            many.plain(LONGEST_NAME, Fate.COMPLETED, 20),
            hostile(many.plain("hostile", Fate.LIVE, 20))),
        api,
        NOW);
    api.end("hostile", new RunEnd(RunEnd.State.FAILED, MARKUP + " " + LONG.substring(100)));
    api.define(
        LONGEST_NAME,
        "{\"runs\":\"none\",\"tags\":{\"long\":\"" + LONG + "\"},\"rule\":\"median\"}");
    Random random = new Random(1);
    api.reference(
        "hostile?layer=encoder&model=" + URLEncoder.encode(MARKUP + LONG.substring(100), UTF_8),
        new Safetensors()
            .matrix("anchors", Safetensors.normal(random, 16, 4))
            .matrix("probes", Safetensors.normal(random, 16, 4))
            .bytes());
  }

  private static SyntheticRun hostile(SyntheticRun run) {
    return new SyntheticRun(
        RunInfo.named(run.name())
            .withModel(MARKUP)
            .withDataset(RIGHT_TO_LEFT)
            .withCommand("echo " + MARKUP + " " + LONG.substring(100))
            .tag("constructor", "yes")
            .tag("toString", MARKUP)
            .tag("quoted", "say \"hi\" twice")
            .tag("empty", "")
            .tag("long", LONG),
        run.fate(),
        run.references(),
        run.length(),
        run.curve(),
        false,
        run.seed());
  }

  @AfterAll
  void stop() {
    collector.close();
  }

  private LivePage page(String view, String kind) {
    return LivePage.open(CHROMIUM.page(), collector, view, kind);
  }

  private static boolean isDark(LivePage page) {
    String colour =
        (String) page.page().evaluate("getComputedStyle(document.body).backgroundColor");
    String[] numbers = colour.replaceAll("[^0-9,]", "").split(",", -1);
    return Integer.parseInt(numbers[0])
            + Integer.parseInt(numbers[1])
            + Integer.parseInt(numbers[2])
        < 3 * 128;
  }

  private static boolean isPictureDark(LivePage page) {
    Locator button =
        page.chart("Score")
            .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("PNG"));
    Picture picture = Picture.of(page.saved(button, "plain-Score.png"));
    Color corner = new Color(picture.image().getRGB(0, 0));
    return corner.getRed() + corner.getGreen() + corner.getBlue() < 3 * 128;
  }

  private static void choose(LivePage page, String colours) {
    page.choice("Colours").selectOption(new SelectOption().setLabel(colours));
  }

  @Test
  void coloursAreTheSystemsUnlessOthersAreChosen() {
    LivePage page = page("#/runs/plain", "run");
    assertThat(isDark(page)).isFalse();
    assertThat(isPictureDark(page)).isFalse();
    page.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    // A page hears of its system's colours with its next frame.
    assertThat(page.page().locator("html")).hasAttribute("data-theme", "dark");
    assertThat(isDark(page)).isTrue();
    assertThat(isPictureDark(page)).isTrue();
    choose(page, "light colours");
    assertThat(isDark(page)).isFalse();
    assertThat(isPictureDark(page)).isFalse();
    page.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    choose(page, "dark colours");
    assertThat(isDark(page)).isTrue();
    page.page().reload();
    page.awaitReady("run");
    assertThat(isDark(page)).isTrue();
    assertThat(isPictureDark(page)).isTrue();
    Accessibility.assertAccessible(page.page());
    assertThat(page.choice("Colours")).hasValue("dark");
    choose(page, "system colours");
    assertThat(isDark(page)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 1280})
  void nothingIsWiderThanTheWindow(int width) {
    LivePage page = page("", "runs");
    page.page().setViewportSize(width, 800);
    page.page().getByText("Tags", new Page.GetByTextOptions().setExact(true)).click();
    for (String tag : List.of("constructor", "toString", "quoted", "empty", "long")) {
      page.box(tag).check();
    }
    page.assertFits();
    for (String run : List.of("plain", "hostile", LONGEST_NAME)) {
      page.go("#/runs/" + run, "run");
      assertThat(page.figure("Score")).isVisible();
      page.assertFits();
    }
    page.go("#/compare?tags=all&run=plain&run=hostile&run=" + LONGEST_NAME, "compare");
    assertThat(page.figure("Score")).isVisible();
    page.assertFits();
    page.go("#/policies/" + LONGEST_NAME, "policy");
    assertThat(page.text("Nothing yet")).isVisible();
    page.assertFits();
    page.go("#/policies", "policies");
    page.assertFits();
    page.go("#/references", "references");
    page.assertFits();
    page.go("#/references/hostile", "reference");
    assertThat(page.heading("hostile")).isVisible();
    page.assertFits();
    page.field("Run").fill(LONG);
    page.assertFits();
  }

  @Test
  void textsAreShownAsTheyAre() {
    LivePage page = page("#/runs/hostile", "run");
    assertThat(page.fact("Model")).hasText(MARKUP);
    assertThat(page.fact("Data set")).containsText("עצבית");
    assertThat(page.fact("toString")).hasText(MARKUP);
    assertThat(page.fact("empty")).hasText("empty");
    assertThat(page.text("Failed: " + MARKUP)).isVisible();
    assertThat(page.page().locator("pre")).containsText("echo " + MARKUP);
    page.assertAccessible();
    page.link("say \"hi\" twice").click();
    page.awaitReady("runs");
    page.awaitRows(1);
    assertThat(page.runs()).containsExactly("hostile");
    page.go("#/compare?run=plain&run=hostile", "compare");
    Locator differs = page.the(AriaRole.REGION, "What differs between the runs");
    assertThat(
            differs
                .getByRole(AriaRole.ROW, new Locator.GetByRoleOptions().setName("constructor"))
                .getByRole(AriaRole.CELL))
        .hasText(new String[] {"–", "yes"});
    assertThat(differs).containsText(MARKUP);
    page.choice("Group by").selectOption("constructor");
    assertThat(page.figure("Score"))
        .hasAttribute(
            "aria-label", Pattern.compile("without constructor \\(1\\).*constructor yes \\(1\\)"));
    page.go("#/references/hostile", "reference");
    assertThat(page.fact("Model")).containsText(MARKUP);
    assertThat(page.page().locator("img[src=x]")).hasCount(0);
  }

  @Test
  void namesOfTagsThatEveryObjectHasAreTagsLikeOthers() {
    LivePage page = page("#/?tags=constructor,toString,empty", "runs");
    assertThat(page.cell("hostile", "constructor")).hasText("yes");
    assertThat(page.cell("plain", "constructor")).hasText("–");
    assertThat(page.cell("plain", "toString")).hasText("–");
    assertThat(page.cell("hostile", "empty")).hasText("empty");
    page.assertAccessible();
    page.column("constructor").getByRole(AriaRole.BUTTON).click();
    assertThat(page.column("constructor")).hasAttribute("aria-sort", "ascending");
    assertThat(page.runs()).startsWith("hostile");
    page.cell("hostile", "empty").getByRole(AriaRole.BUTTON).click();
    page.awaitRows(1);
    page.filter("constructor:yes");
    page.awaitRows(1);
    page.filter("-constructor:yes -toString:x");
    page.awaitRows(2);
  }

  @Test
  void allIsReachedByKeys() {
    LivePage page = page("", "runs");
    page.page().keyboard().press("Tab");
    assertThat(page.link("Skip to the content")).isFocused();
    assertThat(page.link("Skip to the content")).isInViewport();
    page.page().keyboard().press("Enter");
    assertThat(page.page().getByRole(AriaRole.MAIN)).isFocused();
    page.page().keyboard().press("Tab");
    assertThat(page.page().getByRole(AriaRole.SEARCHBOX)).isFocused();
    page.page().keyboard().type("plain");
    page.awaitRows(1);
    tabTo(page, page.table());
    tabTo(page, page.link("plain"));
    page.page().keyboard().press("Enter");
    page.awaitReady("run");
    assertThat(page.heading("plain")).isFocused();
    tabTo(page, page.figure("Score"));
    page.page().keyboard().press("End");
    assertThat(page.chart("Score").locator(".chart-where")).hasText("step 475");
    page.page().goBack();
    page.awaitReady("runs");
    page.link("References").focus();
    page.page().keyboard().press("Enter");
    page.awaitReady("references");
    assertThat(page.heading("References")).isFocused();
  }

  /** Presses the key until something has the focus. */
  private static void tabTo(LivePage page, Locator wanted) {
    assertThat(wanted).isVisible();
    for (int i = 0; i < 40 && !isFocused(wanted); i++) {
      page.page().keyboard().press("Tab");
    }
    assertThat(wanted).isFocused();
  }

  private static boolean isFocused(Locator wanted) {
    return (Boolean) wanted.evaluate("element => element === document.activeElement");
  }
}
