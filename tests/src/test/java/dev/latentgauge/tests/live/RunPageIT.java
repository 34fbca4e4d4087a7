package dev.latentgauge.tests.live;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.tests.live.SyntheticRun.Fate;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** All that is known of a run. */
@TestInstance(Lifecycle.PER_CLASS)
class RunPageIT {

  @RegisterExtension static final Chromium CHROMIUM = new Chromium();

  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");
  private static final int LENGTH = 40;
  private static final int LONG = 20_000;
  private static final String TWICE = "twice";

  private final LiveCollector collector;
  private final ManyRuns many;

  RunPageIT(@TempDir Path folder) {
    collector = LiveCollector.start(folder);
    many = ManyRuns.in(collector.api());
  }

  @BeforeAll
  void fill() {
    Posting.of(List.of(many.longest(LONG), twice()), collector.api(), NOW);
  }

  /** Two attempts, two layers, gaps. */
  private SyntheticRun twice() {
    return new SyntheticRun(
        RunInfo.named(TWICE)
            .withModel("mlp")
            .withCommand("java -jar train.jar --lr \"0.01\"")
            .withAttempt(2)
            .tag("lr", "0.01"),
        Fate.FAILED,
        many.all(Fate.LIVE, 40).stream()
            .map(SyntheticRun::references)
            .filter(references -> references.size() == 2)
            .findFirst()
            .orElseThrow(),
        LENGTH,
        new Curve(0.8, 8, 0.02, Double.POSITIVE_INFINITY),
        true,
        5);
  }

  @AfterAll
  void stop() {
    collector.close();
  }

  private LivePage page(String run) {
    return LivePage.open(CHROMIUM.page(), collector, "#/runs/" + run, "run");
  }

  private List<JsonObject> observations(String run, String more) {
    List<JsonObject> found = new ArrayList<>();
    String cursor = "";
    do {
      JsonObject answer =
          JsonParser.parseString(
                  collector
                      .api()
                      .get("/v1/runs/" + run + "/observations?limit=1000" + more + cursor))
              .getAsJsonObject();
      answer.getAsJsonArray("observations").forEach(each -> found.add(each.getAsJsonObject()));
      JsonElement next = answer.get("next");
      cursor = next == null || next.isJsonNull() ? "" : "&cursor=" + next.getAsString();
    } while (!cursor.isEmpty());
    return found;
  }

  private JsonObject latest(String run, String layer) {
    return Stream.of(collector.api().run(run).getAsJsonArray("latest").asList())
        .flatMap(List::stream)
        .map(JsonElement::getAsJsonObject)
        .filter(each -> each.get("layer").getAsString().equals(layer))
        .findFirst()
        .orElseThrow();
  }

  private static Locator tool(LivePage page, String title, String name) {
    return page.chart(title)
        .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name));
  }

  @Test
  void theWholeHistoryIsSaved() {
    LivePage page = page(TWICE);
    Csv csv = Csv.of(page.saved(page.button("Export CSV"), TWICE + ".csv"));
    List<JsonObject> observations = observations(TWICE, "");
    assertThat(observations).hasSize(2 * LENGTH);
    Map<String, String> columns =
        Map.of(
            "attempt", "attempt",
            "step", "step",
            "epoch", "epoch",
            "time", "time",
            "layer", "layer",
            "reference", "reference",
            "score", "score",
            "standard_error", "standardError",
            "undefined", "undefined",
            "gauged_score", "gaugedScore");
    columns.forEach(
        (column, field) ->
            assertThat(saved(csv, column)).as(column).isEqualTo(values(observations, field)));
    assertThat(saved(csv, "train_loss"))
        .isEqualTo(values(inner(observations, "evaluations"), "train_loss"));
    assertThat(saved(csv, "predicted_accuracy_high"))
        .isEqualTo(values(inner(observations, "predictedAccuracy"), "high"));
    assertThat(saved(csv, "linear_cka"))
        .isEqualTo(values(inner(observations, "companions"), "linear_cka"));
  }

  private static List<JsonObject> inner(List<JsonObject> observations, String field) {
    return observations.stream()
        .map(each -> each.has(field) ? each.getAsJsonObject(field) : new JsonObject())
        .toList();
  }

  private static List<String> values(List<JsonObject> objects, String field) {
    return objects.stream()
        .map(each -> each.has(field) ? plain(each.get(field).getAsString()) : "")
        .toList();
  }

  /** Numbers are written in other ways by other languages. */
  private static String plain(String text) {
    return text.matches("-?[0-9.]+([eE][-+]?[0-9]+)?")
        ? new BigDecimal(text).stripTrailingZeros().toPlainString()
        : text;
  }

  private static List<String> saved(Csv csv, String column) {
    return csv.column(column).stream().map(RunPageIT::plain).toList();
  }

  @Test
  void attemptsAndLayersAreTold() {
    LivePage page = page(TWICE);
    assertThat(page.text("attempt 2").first()).isVisible();
    assertThat(page.text("Failed: ai.djl.TrainingDivergedException: loss is NaN")).isVisible();
    assertThat(page.text("The newest observation has no score: ")).isVisible();
    Locator attempts =
        page.page()
            .getByRole(AriaRole.TABLE)
            .filter(
                new Locator.FilterOptions().setHas(page.the(AriaRole.COLUMNHEADER, "From step")));
    assertThat(attempts.getByRole(AriaRole.ROW).nth(1))
        .containsText(Pattern.compile("^\\s*1\\s+0\\s+475\\s"));
    assertThat(attempts.getByRole(AriaRole.ROW).nth(2))
        .containsText(Pattern.compile("^\\s*2\\s+500\\s+975\\s"));
    for (String layer : List.of("head", "encoder")) {
      String series = layer + " " + latest(TWICE, layer).get("reference").getAsString();
      page.choice("Layer and reference").selectOption(series);
      assertThat(page.figure("Score"))
          .hasAttribute(
              "aria-label", Pattern.compile("^Score\\. Score: " + lastScore(layer) + " at"));
      assertThat(page.page()).hasURL(Pattern.compile("series=" + layer));
    }
    page.assertAccessible();
  }

  private String lastScore(String layer) {
    return observations(TWICE, "&layer=" + layer).stream()
        .filter(each -> each.has("score"))
        .map(each -> each.get("score").getAsDouble())
        .reduce((first, second) -> second)
        .map(score -> String.format(Locale.ROOT, "%.3f", score).replace('-', '−'))
        .orElseThrow();
  }

  @Test
  void aPartOfALongHistoryIsShownInAllDetail() {
    LivePage page = page(ManyRuns.LONG);
    assertThat(page.text("of 20,000 observations: of each stretch")).isVisible();
    Csv all = drawn(page);
    assertThat(all.column("Score")).hasSizeBetween(500, 2000);
    BoundingBox box = page.figure("Score").locator(".u-over").boundingBox();
    Request request =
        page.page()
            .waitForRequest(
                Pattern.compile("observations\\?.*fromStep="),
                () -> {
                  page.page().mouse().move(box.x + box.width * 0.4, box.y + box.height / 2);
                  page.page().mouse().down();
                  page.page().mouse().move(box.x + box.width * 0.42, box.y + box.height / 3);
                  page.page().mouse().move(box.x + box.width * 0.44, box.y + box.height / 2);
                  page.page().mouse().up();
                });
    assertThat(request.url()).contains("toStep=", "points=");
    assertThat(page.text(Pattern.compile("Steps (199|20\\d),\\d{3} to 2[12]\\d,\\d{3}\\.")))
        .isVisible();
    await(() -> detail(drawn(page)) > 4 * detail(all));
    page.button("Show all steps").click();
    assertThat(page.text("of 20,000 observations: of each stretch")).isVisible();
    await(() -> drawn(page).rows().size() == all.rows().size());
  }

  /** Waits on the thread of the test, which alone may use a page. */
  private static void await(Callable<Boolean> condition) {
    Awaitility.await().pollInSameThread().until(condition);
  }

  private static Csv drawn(LivePage page) {
    return Csv.of(page.saved(tool(page, "Score", "CSV"), ManyRuns.LONG + "-Score.csv"));
  }

  /** How many points there are in a stretch that is shown both before and after. */
  private static long detail(Csv csv) {
    return csv.column("Step").stream()
        .mapToDouble(Double::parseDouble)
        .filter(step -> step > 206_000 && step < 214_000)
        .count();
  }

  @Test
  void allOfALongHistoryIsSaved() {
    LivePage page = page(ManyRuns.LONG);
    Csv csv = Csv.of(page.saved(page.button("Export CSV"), ManyRuns.LONG + ".csv"));
    List<JsonObject> observations = observations(ManyRuns.LONG, "");
    assertThat(saved(csv, "step")).hasSize(LONG).isEqualTo(values(observations, "step"));
    assertThat(saved(csv, "score")).isEqualTo(values(observations, "score"));
    Picture picture =
        Picture.of(page.saved(tool(page, "Score", "PNG"), ManyRuns.LONG + "-Score.png"));
    assertThat(picture.width()).isBetween(600, 2000);
    assertThat(picture.height()).isBetween(320, 600);
    assertThat(picture.colours()).isGreaterThan(20);
  }

  @Test
  void aChartIsReadByKeys() {
    Posting.of(List.of(many.plain("plain", Fate.COMPLETED, LENGTH)), collector.api(), NOW);
    LivePage page = page("plain");
    Locator reading = page.chart("Score").locator(".chart-where");
    Locator figure = page.figure("Score");
    assertThat(reading).hasText("last");
    figure.focus();
    for (String[] pressed :
        new String[][] {
          {"Home", "step 0"},
          {"ArrowRight", "step 25"},
          {"ArrowRight", "step 50"},
          {"ArrowLeft", "step 25"},
          {"End", "step 975"},
          {"Shift+ArrowLeft", "step 925"},
          {"ArrowRight", "step 950"}
        }) {
      figure.press(pressed[0]);
      assertThat(reading).hasText(pressed[1]);
    }
    assertThat(page.chart("Predicted accuracy").locator(".chart-where")).hasText("step 950");
    double score = observations("plain", "").get(38).get("score").getAsDouble();
    assertThat(page.chart("Score").locator(".chart-reading"))
        .containsText("Score " + String.format(Locale.ROOT, "%.3f", score));
    figure.press("Home");
    figure.press("+");
    assertThat(page.text("Steps 0 to 225.")).isVisible();
    figure.press("Escape");
    assertThat(page.text("Steps 0 to 225.")).hasCount(0);
  }

  @Test
  void whatIsSaidOfItLeadsFurther() {
    LivePage page = page(TWICE);
    page.page().context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
    page.button("Copy link").click();
    assertThat(page.button("Copied")).isVisible();
    assertThat(page.page().evaluate("navigator.clipboard.readText()")).isEqualTo(page.page().url());
    page.button("Copy").click();
    assertThat(page.button("Copied").last()).isVisible();
    assertThat(page.page().evaluate("navigator.clipboard.readText()"))
        .isEqualTo("java -jar train.jar --lr \"0.01\"");
    page.link("0.01").click();
    page.awaitReady("runs");
    assertThat(page.page().getByRole(AriaRole.SEARCHBOX)).hasValue("lr:0.01");
    page.awaitRows(1);
  }

  @Test
  void aRunThatIsNotThereYetAppears() {
    CHROMIUM.expect("404");
    LivePage page = page("later");
    assertThat(page.heading("There is no run later")).isVisible();
    page.assertAccessible();
    GrowingRun run =
        GrowingRun.begin(collector.api(), many.plain("later", Fate.COMPLETED, 10), NOW);
    assertThat(page.heading("No observation yet")).isVisible();
    page.assertAccessible();
    run.report(NOW);
    assertThat(page.figure("Score")).hasAttribute("aria-label", Pattern.compile("at step 0,"));
    run.end();
  }
}
