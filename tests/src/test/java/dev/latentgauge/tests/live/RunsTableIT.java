package dev.latentgauge.tests.live;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.latentgauge.tests.live.SyntheticRun.Fate;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Finding one's way among many runs. */
@TestInstance(Lifecycle.PER_CLASS)
class RunsTableIT {

  @RegisterExtension static final Chromium CHROMIUM = new Chromium();

  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");
  private static final int RUNS = 130;

  /** So many rows are there at first. */
  private static final int ROWS = 100;

  private final List<SyntheticRun> fleet;
  private final LiveCollector collector;

  RunsTableIT(@TempDir Path folder) {
    collector = LiveCollector.start(folder);
    fleet = ManyRuns.in(collector.api()).mixed(RUNS);
  }

  @BeforeAll
  void fill() {
    Posting.of(fleet, collector.api(), NOW);
  }

  @AfterAll
  void stop() {
    collector.close();
  }

  private LivePage page(String view) {
    return LivePage.open(CHROMIUM.page(), collector, view, "runs");
  }

  /** How many runs there are to see, in words. */
  private static Locator count(LivePage page) {
    return page.page().getByRole(AriaRole.STATUS).filter(having("run"));
  }

  private static Locator.FilterOptions having(String text) {
    return new Locator.FilterOptions().setHasText(text);
  }

  private List<String> names(Predicate<SyntheticRun> wanted) {
    return fleet.stream().filter(wanted).map(SyntheticRun::name).sorted().toList();
  }

  private static void assertShows(LivePage page, List<String> runs) {
    page.awaitRows(runs.size());
    assertThat(page.runs()).containsExactlyInAnyOrderElementsOf(runs);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "adamw lr0.001, .*adamw.*lr0\\.001.*",
        "RESNET digits, .*digits-resnet.*",
        "optimizer:sgd lr:0.001 dataset:trec, trec-.*-sgd-lr0\\.001-.*",
        "optimizer=sgd lr=0.001 dataset=trec, trec-.*-sgd-lr0\\.001-.*",
        "/^trec-cnn.*lr0\\.003/, trec-cnn.*lr0\\.003-.*",
        "model:mlp -dataset:trec -optimizer:sgd -/digits/, fashion-mlp-adam.*",
        "reference:cnn-v1 trec-transformer lr:0.001, trec-transformer.*lr0\\.001-.*",
      })
  void aFilterKeepsTheRunsInWhichAllItsWordsHold(String filter, String pattern) {
    LivePage page = page("");
    page.filter(filter);
    List<String> expected = names(run -> run.name().matches(pattern));
    assertThat(expected).isNotEmpty();
    assertShows(page, expected);
    assertThat(count(page)).hasText(expected.size() + " of " + RUNS + " runs");
    page.filter("");
    page.awaitRows(ROWS);
  }

  @Test
  void aBrokenExpressionIsSaidAndHidesNothing() {
    LivePage page = page("");
    page.filter("/(/");
    assertThat(page.alert("Invalid regular expression")).isVisible();
    page.awaitRows(ROWS);
    page.filter("-/(/ lr:0.003");
    assertThat(page.alert("Invalid regular expression")).isVisible();
    page.filter("constructor:x toString:y");
    assertThat(page.heading("No run is like that")).isVisible();
    assertThat(page.alert("r")).hasCount(0);
    page.assertAccessible();
    page.button("Show all runs").click();
    page.awaitRows(ROWS);
  }

  @Test
  void scoresAreDrawnOverTags() {
    LivePage page = page("");
    page.filter("lr:0.003");
    page.choice("Show as").selectOption("scores over tags");
    assertThat(page.table()).hasCount(0);
    Locator chart = page.page().getByRole(AriaRole.IMG, named("Score over optimizer: "));
    assertThat(chart).isVisible();
    assertThat(page.page().getByRole(AriaRole.IMG, named("Score over lr: "))).hasCount(0);
    page.assertAccessible();
    Locator point = chart.locator("circle").first();
    String said = point.locator("title").textContent();
    point.dispatchEvent("click");
    page.awaitReady("run");
    assertThat(page.heading(said.substring(0, said.indexOf(':')))).isVisible();
    page.page().goBack();
    assertThat(chart).isVisible();
  }

  @Test
  void statesAreChosenByTheirChips() {
    LivePage page = page("");
    for (Fate fate : Fate.values()) {
      String state = fate.name().toLowerCase(Locale.ROOT);
      List<String> expected = names(run -> run.fate() == fate);
      Locator chip = page.page().getByRole(AriaRole.BUTTON, named(state + " " + expected.size()));
      chip.click();
      assertThat(chip).hasAttribute("aria-pressed", "true");
      assertShows(page, expected);
      chip.click();
    }
    page.filter("optimizer:adam");
    page.page().getByRole(AriaRole.BUTTON, named("stopped")).click();
    page.page().getByRole(AriaRole.BUTTON, named("failed")).click();
    assertShows(
        page,
        names(
            run ->
                run.name().contains("-adam-")
                    && (run.fate() == Fate.STOPPED || run.fate() == Fate.FAILED)));
  }

  private static Page.GetByRoleOptions named(String part) {
    return new Page.GetByRoleOptions().setName(part);
  }

  @Test
  void aClickOnATagShowsTheRunsThatHaveIt() {
    LivePage page = page("");
    String run = fleet.get(0).name();
    page.filter(run);
    page.cell(run, "optimizer").getByRole(AriaRole.BUTTON).click();
    assertThat(page.page().getByRole(AriaRole.SEARCHBOX)).hasValue(run + " optimizer:adam");
    page.filter("");
    assertThat(count(page)).hasText(RUNS + " runs");
    page.cell(run, "lr").getByRole(AriaRole.BUTTON).click();
    assertShows(page, names(each -> each.name().contains("-lr0.0001-")));
    page.cell(run, "lr").getByRole(AriaRole.BUTTON).click();
    assertThat(count(page)).hasText(RUNS + " runs");
  }

  @Test
  void scoresAreSortedBothWaysWithTheUndefinedLast() {
    LivePage page = page("#/?series=encoder+" + reference().replace("@", "%40"));
    Map<String, Double> scores = scores("encoder");
    Comparator<String> rising =
        Comparator.comparing((String run) -> scores.getOrDefault(run, Double.NaN));
    for (boolean falls : List.of(true, false)) {
      page.column("Score ± 95 %").getByRole(AriaRole.BUTTON).click();
      assertThat(page.column("Score ± 95 %"))
          .hasAttribute("aria-sort", falls ? "descending" : "ascending");
      List<String> runs = page.runs();
      List<String> defined = runs.stream().filter(scores::containsKey).toList();
      assertThat(runs.subList(0, defined.size())).isEqualTo(defined);
      assertThat(defined)
          .hasSizeGreaterThan(ROWS / 2)
          .isSortedAccordingTo(falls ? rising.reversed() : rising);
    }
    page.filter("state:failed");
    page.awaitRows(names(run -> run.fate() == Fate.FAILED).size());
    assertThat(page.table().getByText("undefined", exactly())).hasCount(page.runs().size());
    page.filter("lr:0.001 seed:0");
    page.column("Run").getByRole(AriaRole.BUTTON).click();
    assertThat(page.column("Run")).hasAttribute("aria-sort", "ascending");
    assertThat(page.runs()).isSorted();
    assertThat(page.column("Score ± 95 %")).not().hasAttribute("aria-sort", Pattern.compile(".*"));
  }

  private static Locator.GetByTextOptions exactly() {
    return new Locator.GetByTextOptions().setExact(true);
  }

  private String reference() {
    return fleet.get(0).references().get(0).id();
  }

  /** The newest scores of a layer, by run. */
  private Map<String, Double> scores(String layer) {
    Map<String, Double> scores = new HashMap<>();
    for (JsonObject run : reported()) {
      for (JsonElement latest : run.getAsJsonArray("latest")) {
        JsonObject observation = latest.getAsJsonObject();
        if (observation.get("layer").getAsString().equals(layer) && observation.has("score")) {
          scores.put(run.get("name").getAsString(), observation.get("score").getAsDouble());
        }
      }
    }
    return scores;
  }

  private List<JsonObject> reported() {
    return JsonParser.parseString(collector.api().get("/v1/runs?limit=1000"))
        .getAsJsonObject()
        .getAsJsonArray("runs")
        .asList()
        .stream()
        .map(JsonElement::getAsJsonObject)
        .toList();
  }

  @Test
  void columnsOfTagsAreChosen() {
    LivePage page = page("");
    assertThat(page.column("lr")).hasCount(1);
    assertThat(page.column("seed")).hasCount(0);
    page.page().getByText("Tags", new Page.GetByTextOptions().setExact(true)).click();
    page.assertAccessible();
    page.box("seed").check();
    assertThat(page.column("seed")).hasCount(1);
    page.box("lr").uncheck();
    page.box("optimizer").uncheck();
    page.box("seed").uncheck();
    assertThat(page.column("lr")).hasCount(0);
    page.box("lr").check();
    assertThat(page.column("lr")).hasCount(1);
  }

  @Test
  void oneOfSeveralLayersIsShown() {
    LivePage page = page("");
    SyntheticRun two =
        fleet.stream()
            .filter(run -> run.references().size() == 2 && run.fate() == Fate.COMPLETED)
            .findFirst()
            .orElseThrow();
    page.filter(two.name());
    for (PostedReference reference : two.references()) {
      String layer = reference.layer();
      page.choice("Layer and reference").selectOption(layer + " " + reference.id());
      assertThat(page.cell(two.name(), "Run")).containsText(layer + " · ");
      assertThat(page.cell(two.name(), "Score ± 95 %"))
          .containsText("%.3f".formatted(Objects.requireNonNull(scores(layer).get(two.name()))));
    }
    page.link(two.name()).click();
    page.awaitReady("run");
    assertThat(page.choice("Layer and reference")).hasValue(Pattern.compile("^head "));
  }

  @Test
  void furtherRowsComeWhenSomebodyReachesTheEnd() {
    LivePage page = page("");
    page.awaitRows(ROWS);
    page.button("Show more (100 of 130)").scrollIntoViewIfNeeded();
    page.awaitRows(RUNS);
    assertThat(page.runs()).doesNotHaveDuplicates();
  }

  @Test
  void whatIsSelectedIsCompared() {
    LivePage page = page("#/?q=trec-cnn");
    List<String> runs = page.runs().subList(0, 3);
    assertThat(page.link("Compare").last()).hasAttribute("aria-disabled", "true");
    runs.forEach(run -> page.box("Select " + run).check());
    page.box("Select " + runs.get(0)).uncheck();
    page.link("Compare (2)").click();
    page.awaitReady("compare");
    assertThat(page.heading("Compare 2 runs")).isVisible();
    assertThat(page.figure("Score")).hasAttribute("aria-label", Pattern.compile(runs.get(1)));
    assertThat(page.figure("Score")).hasAttribute("aria-label", Pattern.compile(runs.get(2)));
    page.page().goBack();
    page.awaitReady("runs");
    assertThat(page.link("Compare (2)")).isVisible();
    page.box("Select all that are shown").check();
    assertThat(
            page.link("Compare (" + names(run -> run.name().startsWith("trec-cnn")).size() + ")"))
        .isVisible();
  }

  @Test
  void theAddressHoldsAllOfIt() {
    LivePage page = page("");
    page.filter("-trec");
    page.page().getByRole(AriaRole.BUTTON, named("completed")).click();
    page.page().getByText("Tags", new Page.GetByTextOptions().setExact(true)).click();
    page.box("lr").uncheck();
    page.choice("Layer and reference").selectOption("encoder " + reference());
    page.column("Score ± 95 %").getByRole(AriaRole.BUTTON).click();
    assertThat(page.column("Score ± 95 %")).hasAttribute("aria-sort", "descending");
    page.awaitView(view -> view.contains("sort=-score"));
    LivePage other = page(page.view());
    assertThat(other.runs()).isEqualTo(page.runs()).hasSizeGreaterThan(10);
    assertThat(other.page().getByRole(AriaRole.SEARCHBOX)).hasValue("-trec");
    assertThat(other.column("lr")).hasCount(0);
    assertThat(other.column("optimizer")).hasCount(1);
    assertThat(other.page().getByRole(AriaRole.BUTTON, named("completed")))
        .hasAttribute("aria-pressed", "true");
    assertThat(other.choice("Layer and reference")).hasValue("encoder " + reference());
  }

  @Test
  void whoComesBackFromARunFindsTheTableAsItWas() {
    LivePage page = page("");
    page.filter("-trec-mlp");
    page.awaitRows(ROWS);
    String selected = page.runs().get(1);
    page.box("Select " + selected).check();
    String far = page.runs().get(ROWS - 10);
    page.link(far).scrollIntoViewIfNeeded();
    double top = top(page);
    assertThat(top).isPositive();
    page.link(far).click();
    page.awaitReady("run");
    page.page().goBack();
    page.awaitReady("runs");
    assertThat(page.page().getByRole(AriaRole.SEARCHBOX)).hasValue("-trec-mlp");
    assertThat(page.box("Select " + selected)).isChecked();
    assertThat(page.link(far)).isInViewport();
    assertThat(top(page)).isEqualTo(top);
  }

  private static double top(LivePage page) {
    return ((Number) page.table().evaluate("table => table.scrollTop")).doubleValue();
  }

  @Test
  void theTableIsSavedAsItIsSorted() {
    LivePage page = page("#/?sort=-score&series=encoder+" + reference().replace("@", "%40"));
    Csv csv = Csv.of(page.saved(page.button("CSV"), "runs.csv"));
    assertThat(csv.head())
        .contains("Run", "State", "Score", "Standard error", "Step", "lr", "optimizer");
    assertThat(csv.column("Run")).hasSize(RUNS).startsWith(page.runs().toArray(String[]::new));
    Map<String, Double> scores = scores("encoder");
    Map<String, JsonObject> byName = new HashMap<>();
    reported().forEach(run -> byName.put(run.get("name").getAsString(), run));
    for (int i = 0; i < RUNS; i++) {
      String name = csv.column("Run").get(i);
      JsonObject run = Objects.requireNonNull(byName.get(name));
      String score = csv.column("Score").get(i);
      assertThat(score.isEmpty() ? null : Double.valueOf(score))
          .as(name)
          .isEqualTo(scores.get(name));
      assertThat(csv.column("State").get(i)).isEqualTo(run.get("state").getAsString());
      assertThat(csv.column("lr").get(i))
          .isEqualTo(run.getAsJsonObject("tags").get("lr").getAsString());
    }
  }
}
