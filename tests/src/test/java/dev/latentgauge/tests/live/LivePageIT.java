package dev.latentgauge.tests.live;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.latentgauge.observation.RunInfo;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What people see of trainings that really run, without ever loading the page again. */
@TestInstance(Lifecycle.PER_CLASS)
class LivePageIT {

  @RegisterExtension static final Chromium CHROMIUM = new Chromium();

  /** An epoch of {@link ImageReference} in steps. */
  private static final int EPOCH = 20;

  private final LiveCollector collector;

  LivePageIT(@TempDir Path folder) {
    collector = LiveCollector.start(folder);
  }

  /** Once the windows are closed, which complain of a collector that is gone. */
  @AfterAll
  void stop() {
    collector.close();
  }

  private static String rounded(double number) {
    return new BigDecimal(number).setScale(3, RoundingMode.HALF_UP).toPlainString();
  }

  private String score(String run) {
    return rounded(latest(run).get("score").getAsDouble());
  }

  private JsonObject latest(String run) {
    return collector.api().run(run).getAsJsonArray("latest").get(0).getAsJsonObject();
  }

  @Test
  void aTrainingAppearsGrowsEndsAndIsDeleted() throws Exception {
    try (ImageReference reference = ImageReference.make("clothes")) {
      LivePage page = LivePage.open(CHROMIUM.page(), collector, "", "runs");
      assertThat(page.heading("No run has reported yet")).isVisible();
      page.assertAccessible();
      reference.put(collector.api());
      itComesToItsEnd(reference, page);
      itIsStopped(reference, page);
      itFails(reference, page);
      itIsDeleted(page);
    }
  }

  private void itComesToItsEnd(ImageReference reference, LivePage page) throws IOException {
    RunInfo info = RunInfo.named("first").tag("lr", "0.0005");
    try (PacedTraining training = PacedTraining.begin(reference, collector.address(), info)) {
      training.epochs(1);
      assertThat(page.cell("first", "State")).hasText("live");
      assertThat(page.cell("first", "Step")).hasText(Integer.toString(EPOCH));
      assertThat(page.cell("first", "Score ± 95 %")).containsText(score("first") + " ± 0.");
      page.link("first").click();
      page.awaitReady("run");
      itsCurveGrows(training, page);
    }
    assertThat(state(page)).hasText("completed");
    assertThat(page.button("Stop …")).hasCount(0);
  }

  private void itsCurveGrows(PacedTraining training, LivePage page) {
    Locator chart = page.chart("Score");
    chart.getByRole(AriaRole.BUTTON, named("Table")).click();
    for (int epoch = 2; epoch <= 4; epoch++) {
      training.epochs(1);
      String step = "step " + epoch * EPOCH;
      assertThat(page.figure("Score")).hasAttribute("aria-label", Pattern.compile(step + ","));
      assertThat(page.fact("Step")).hasText(Integer.toString(epoch * EPOCH));
      assertThat(page.fact("Score ± 95 %")).containsText(score("first"));
      assertThat(page.figure("Score"))
          .hasAttribute("aria-label", Pattern.compile("Score: " + score("first")));
      // The names of the columns, an observation before the first step, one for each epoch.
      assertThat(chart.getByRole(AriaRole.ROW)).hasCount(epoch + 2);
    }
    JsonObject latest = latest("first");
    assertThat(chart).containsText("The floor is what an untrained model scores. The ceiling is");
    assertThat(page.fact("Between floor and ceiling"))
        .hasText(rounded(latest.get("gaugedScore").getAsDouble()));
    assertThat(page.figure("Accuracy")).isVisible();
  }

  private void itIsStopped(ImageReference reference, LivePage page) throws IOException {
    RunInfo info = RunInfo.named("second");
    try (PacedTraining training = PacedTraining.begin(reference, collector.address(), info)) {
      training.epochs(1);
      page.go("#/runs/second", "run");
      page.button("Stop …").click();
      page.answer("Cancel");
      page.button("Stop …").click();
      Accessibility.assertAccessible(page.page());
      page.field("Why (the run keeps it)").fill("worse than the first");
      page.answer("Stop it");
      assertThat(page.text("It is told to stop: worse than the first")).isVisible();
      assertThat(page.button("Let it go on")).isVisible();
      page.page().waitForCondition(() -> !training.epochs(1));
    }
    assertThat(state(page)).hasText("stopped");
    assertThat(page.text("Stopped: ").filter(having("worse than the first"))).isVisible();
    page.go("", "runs");
    assertThat(page.cell("second", "State")).hasText("stopped");
  }

  private void itFails(ImageReference reference, LivePage page) throws IOException {
    RunInfo info = RunInfo.named("third");
    try (PacedTraining training = PacedTraining.begin(reference, collector.address(), info)) {
      training.epochs(1);
      assertThat(page.cell("third", "State")).hasText("live");
      training.fail(new IllegalStateException("the disk is full"));
    }
    assertThat(page.cell("third", "State")).hasText("failed");
    page.link("third").click();
    page.awaitReady("run");
    assertThat(page.text("Failed: ").filter(having("the disk is full"))).isVisible();
  }

  private static void itIsDeleted(LivePage page) {
    LivePage other = page.beside(CHROMIUM.page(), "#/runs/third", "run");
    page.button("Delete …").click();
    page.answer("Cancel");
    page.button("Delete …").click();
    assertThat(page.dialog()).containsText("Delete third?");
    page.answer("Delete it");
    page.awaitReady("runs");
    page.awaitRows(2);
    assertThat(page.row("third")).hasCount(0);
    assertThat(other.alert("This run was deleted.")).isVisible();
    Accessibility.assertAccessible(other.page());
  }

  private static Locator state(LivePage page) {
    return page.page().getByRole(AriaRole.MAIN).locator(".title .state");
  }

  private static Locator.GetByRoleOptions named(String name) {
    return new Locator.GetByRoleOptions().setName(name).setExact(true);
  }

  private static Locator.FilterOptions having(String text) {
    return new Locator.FilterOptions().setHasText(text);
  }
}
