package dev.latentgauge.tests.live;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.SelectOption;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.tests.live.SyntheticRun.Fate;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several runs beside each other. */
@TestInstance(Lifecycle.PER_CLASS)
class ComparePageIT {

  @RegisterExtension static final Chromium CHROMIUM = new Chromium();

  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");
  private static final int LENGTH = 40;
  private static final int LAST_STEP = (LENGTH - 1) * SyntheticRun.STEPS;
  private static final List<String> RUNS = List.of("narrow-1", "narrow-2", "wide");

  private final LiveCollector collector;

  ComparePageIT(@TempDir Path folder) {
    collector = LiveCollector.start(folder);
  }

  @BeforeAll
  void fill() {
    PostedReference reference = PostedReference.put(collector.api(), "cnn-v1", "encoder");
    Posting.of(
        List.of(
            run("narrow-1", "64", 0.5, reference),
            run("narrow-2", "64", 0.6, reference),
            run("wide", "128", 0.9, reference)),
        collector.api(),
        NOW);
  }

  private static SyntheticRun run(
      String name, String width, double end, PostedReference reference) {
    return new SyntheticRun(
        RunInfo.named(name).withModel("mlp").tag("width", width).tag("bias", "yes"),
        Fate.COMPLETED,
        List.of(reference),
        LENGTH,
        new Curve(end, 8, 0.01, Double.POSITIVE_INFINITY),
        false,
        name.hashCode());
  }

  @AfterAll
  void stop() {
    collector.close();
  }

  private LivePage page(String more) {
    String runs = RUNS.stream().map(run -> "run=" + run).collect(Collectors.joining("&"));
    return LivePage.open(CHROMIUM.page(), collector, "#/compare?" + runs + more, "compare");
  }

  private List<JsonObject> observations(String run) {
    String answer = collector.api().get("/v1/runs/" + run + "/observations?limit=1000");
    return JsonParser.parseString(answer)
        .getAsJsonObject()
        .getAsJsonArray("observations")
        .asList()
        .stream()
        .map(JsonElement::getAsJsonObject)
        .toList();
  }

  private List<Double> scores(String run) {
    return observations(run).stream().map(each -> each.get("score").getAsDouble()).toList();
  }

  private double lastScore(String run) {
    return scores(run).get(LENGTH - 1);
  }

  private static String rounded(double number) {
    return String.format(Locale.ROOT, "%.3f", number);
  }

  private static void assertDrawn(LivePage page, String title, String curve) {
    assertThat(page.figure(title)).hasAttribute("aria-label", Pattern.compile(literal(curve)));
  }

  /** As the browser's regular expressions have it. */
  private static String literal(String text) {
    return text.replaceAll("([^A-Za-z0-9 ])", "\\\\$1");
  }

  @Test
  void allCurvesAreInOneChart() {
    LivePage page = page("");
    for (String run : RUNS) {
      assertDrawn(
          page, "Score", run + ": " + rounded(lastScore(run)) + " at step " + LAST_STEP + ",");
    }
    page.assertAccessible();
  }

  @ParameterizedTest
  @CsvSource({
    "step, 'at step 975,', Step",
    "epoch, 'at epoch 1.625,', Epoch",
    "hours since the first observation, 'at 6 min,', Hours since the first observation",
    "time of day, 'at May 6, 2026, 07:08:09,', Time of day"
  })
  void theyAreDrawnOverWhatIsChosen(String axis, String end, String head) {
    LivePage page = page("");
    page.choice("Over").selectOption(new SelectOption().setLabel(axis));
    assertDrawn(page, "Score", "wide: " + rounded(lastScore("wide")) + " " + end);
    Csv csv = chartCsv(page, "Score");
    assertThat(csv.head()).containsExactly(head, "narrow-1", "narrow-2", "wide");
    assertThat(csv.column("wide")).hasSize(LENGTH);
  }

  private static Csv chartCsv(LivePage page, String title) {
    return Csv.of(page.saved(tool(page, title, "CSV"), "comparison-" + title + ".csv"));
  }

  private static Locator tool(LivePage page, String title, String name) {
    return page.chart(title)
        .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name));
  }

  @Test
  void aChartIsSavedAsItIsDrawn() {
    LivePage page = page("");
    Csv csv = chartCsv(page, "Score");
    for (String run : RUNS) {
      assertThat(csv.column(run)).extracting(Double::valueOf).isEqualTo(scores(run));
    }
    Picture picture = Picture.of(page.saved(tool(page, "Score", "PNG"), "comparison-Score.png"));
    assertThat(picture.width()).isBetween(600, 2000);
    assertThat(picture.height()).isBetween(420, 700);
    assertThat(picture.colours()).as("colours of ground, ink and curves").isGreaterThan(20);
  }

  @Test
  void curvesAreSmoothed() {
    LivePage page = page("");
    page.the(AriaRole.SLIDER, "Smoothing").fill("0.8");
    assertThat(page.text("The faint lines are the values")).isVisible();
    double sum = 0;
    double weight = 0;
    for (double score : scores("wide")) {
      sum = 0.8 * sum + score;
      weight = 0.8 * weight + 1;
    }
    assertThat(rounded(sum / weight)).isNotEqualTo(rounded(lastScore("wide")));
    assertDrawn(page, "Score", "wide, smoothed: " + rounded(sum / weight) + " at");
    page.awaitView(view -> view.contains("smooth=0.8"));
    Csv csv = chartCsv(page, "Score");
    assertThat(Double.parseDouble(csv.column("wide, smoothed").get(LENGTH - 1)))
        .isCloseTo(sum / weight, within(1e-9));
    assertThat(Double.parseDouble(csv.column("wide").get(LENGTH - 1))).isEqualTo(lastScore("wide"));
  }

  @Test
  void anEvaluatorIsDrawnOnALogarithmicScale() {
    LivePage page = page("");
    page.choice("Show").selectOption("evaluation.train_loss");
    List<JsonObject> observed = observations("wide");
    double loss =
        observed.get(LENGTH - 1).getAsJsonObject("evaluations").get("train_loss").getAsDouble();
    assertThat(page.figure("train_loss"))
        .hasAttribute("aria-label", Pattern.compile("wide: 0\\.\\d+ at step 975"));
    page.box("logarithmic").check();
    page.awaitView(view -> view.contains("scale=log") && view.contains("y=evaluation.train_loss"));
    assertThat(chartCsv(page, "train_loss").column("wide").get(LENGTH - 1))
        .isEqualTo(Double.toString(loss));
    page.assertAccessible();
  }

  @Test
  void runsOfAGroupAreTheirMean() {
    LivePage page = page("");
    page.choice("Group by").selectOption("width");
    double mean = (lastScore("narrow-1") + lastScore("narrow-2")) / 2;
    assertDrawn(page, "Score", "width 64 (2): " + rounded(mean) + " at step " + LAST_STEP);
    assertDrawn(page, "Score", "width 128 (1): " + rounded(lastScore("wide")) + " at");
    assertThat(page.text("Means of the runs of a group")).isVisible();
    page.box("Draw narrow-1").uncheck();
    assertDrawn(page, "Score", "width 64 (1): " + rounded(lastScore("narrow-2")) + " at");
  }

  @Test
  void aRunIsHiddenTakenOutAndPutBack() {
    LivePage page = page("");
    page.box("Draw wide").uncheck();
    assertThat(page.figure("Score")).not().hasAttribute("aria-label", Pattern.compile("wide: "));
    assertThat(page.heading("Compare 3 runs")).isVisible();
    page.box("Draw wide").check();
    assertDrawn(page, "Score", "wide: ");
    page.button("Take wide out").click();
    assertThat(page.heading("Compare 2 runs")).isVisible();
    assertThat(page.figure("Score")).not().hasAttribute("aria-label", Pattern.compile("wide: "));
    page.choice("Add a run").fill("wide");
    assertThat(page.heading("Compare 3 runs")).isVisible();
    assertDrawn(page, "Score", "wide: ");
    RUNS.forEach(
        run -> {
          page.button("Take " + run + " out").click();
          assertThat(page.button("Take " + run + " out")).hasCount(0);
        });
    assertThat(page.heading("No run is chosen")).isVisible();
    page.assertAccessible();
  }

  @Test
  void whatDiffersIsBesideEachOther() {
    LivePage page = page("");
    Locator table = page.the(AriaRole.REGION, "What differs between the runs");
    Locator width = table.getByRole(AriaRole.ROW, new Locator.GetByRoleOptions().setName("width"));
    assertThat(width.getByRole(AriaRole.CELL)).hasText(new String[] {"64", "64", "128"});
    assertThat(table.getByText("bias")).hasCount(0);
    assertThat(table.getByText("Model")).hasCount(0);
    page.box("also what is the same").check();
    assertThat(table.getByText("bias")).isVisible();
    assertThat(table.getByText("Model")).isVisible();
    Csv csv =
        Csv.of(
            page.saved(
                page.page()
                    .getByRole(AriaRole.MAIN)
                    .locator(
                        ".title", new Locator.LocatorOptions().setHas(page.heading("What differs")))
                    .getByRole(AriaRole.BUTTON),
                "comparison.csv"));
    assertThat(csv.head()).containsExactly("run", "narrow-1", "narrow-2", "wide");
    assertThat(csv.column("run")).contains("state", "score", "width", "bias", "Model");
    assertThat(csv.column("wide")).contains("completed", Double.toString(lastScore("wide")), "128");
  }

  @Test
  void whatIsNotThereIsSaidAndLeftOut() {
    CHROMIUM.expect("404");
    LivePage page = page("&run=nobody&run=wide");
    assertThat(page.alert("Not here: nobody.")).isVisible();
    assertThat(page.heading("Compare 4 runs")).isVisible();
    assertDrawn(page, "Score", "wide: ");
    page.assertAccessible();
    page.button("Go on without").click();
    assertThat(page.heading("Compare 3 runs")).isVisible();
    page.awaitView(view -> !view.contains("nobody"));
  }

  @Test
  void aRunThatIsDeletedWhileSomebodyLooksIsSaid() {
    PostedReference reference = PostedReference.put(collector.api(), "cnn-v1", "encoder");
    Posting.of(List.of(run("brief", "32", 0.4, reference)), collector.api(), NOW);
    LivePage page = page("&run=brief");
    assertDrawn(page, "Score", "brief: ");
    collector.api().delete("brief");
    assertThat(page.alert("Not here: brief.")).isVisible();
  }
}
