package dev.latentgauge.tests.live;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import dev.latentgauge.collector.Safetensors;
import dev.latentgauge.tests.live.SyntheticRun.Fate;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What runs are scored against: to look at, to put there, to delete. */
@TestInstance(Lifecycle.PER_CLASS)
class ReferencesIT {

  @RegisterExtension static final Chromium CHROMIUM = new Chromium();

  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");

  private final LiveCollector collector;
  private final PostedReference reference;

  ReferencesIT(@TempDir Path folder) {
    collector = LiveCollector.start(folder);
    reference = PostedReference.put(collector.api(), "cnn-v1", "encoder");
  }

  @BeforeAll
  void fill() {
    ManyRuns many = ManyRuns.in(collector.api());
    Posting.of(
        List.of(many.plain("a", Fate.COMPLETED, 3), many.plain("b", Fate.COMPLETED, 3)),
        collector.api(),
        NOW);
  }

  @AfterAll
  void stop() {
    collector.close();
  }

  private LivePage page() {
    return LivePage.open(CHROMIUM.page(), collector, "#/references", "references");
  }

  private static Locator row(LivePage page, String name) {
    return page.the(AriaRole.REGION, "Table of references")
        .getByRole(AriaRole.ROW)
        .filter(new Locator.FilterOptions().setHas(page.link(name)));
  }

  private static String rounded(double number) {
    return String.format(Locale.ROOT, "%.3f", number).replace('-', '−');
  }

  @Test
  void allThatIsKnownOfOneIsShown() {
    LivePage page = page();
    assertThat(row(page, "cnn-v1").getByRole(AriaRole.CELL))
        .containsText(
            new String[] {
              "cnn-v1",
              "encoder",
              "soft",
              "128",
              "512",
              rounded(reference.floor()),
              rounded(reference.ceiling()),
              "none",
              "2"
            });
    page.assertAccessible();
    page.link("cnn-v1").click();
    page.awaitReady("reference");
    assertThat(page.heading("cnn-v1")).isVisible();
    assertThat(page.fact("Id")).hasText(reference.id());
    assertThat(page.fact("Floor")).containsText(rounded(reference.floor()) + " ± ");
    assertThat(page.fact("Ceiling")).containsText(rounded(reference.ceiling()) + " ± ");
    assertThat(page.fact("Inputs")).hasText("not in the file");
    assertThat(page.text("made without the inputs of its probes")).isVisible();
    page.assertAccessible();
    page.link("2 runs").click();
    page.awaitReady("runs");
    page.awaitRows(2);
  }

  @Test
  void oneThatIsNotThereIsSaid() {
    LivePage page = page();
    page.go("#/references/nothing", "reference");
    assertThat(page.heading("There is no reference nothing")).isVisible();
    page.assertAccessible();
    page.go("#/nowhere", "nowhere");
    assertThat(page.heading("Nothing is here")).isVisible();
  }

  private static void upload(LivePage page, String file, byte[] content) {
    page.labelled("File").setInputFiles(new FilePayload(file, "application/octet-stream", content));
    page.button("Upload").click();
  }

  private static byte[] embeddings(long seed) {
    Random random = new Random(seed);
    return new Safetensors()
        .matrix("anchors", Safetensors.normal(random, 32, 8))
        .matrix("probes", Safetensors.normal(random, 64, 8))
        .bytes();
  }

  @Test
  void aFileIsPutAndDeleted() {
    LivePage page = page();
    page.page().getByText("If the file has embeddings").click();
    page.field("Model").fill("resnet");
    page.field("Layer").fill("avgpool");
    page.choice("Profile").fill("soft");
    upload(page, "best model.safetensors", embeddings(1));
    assertThat(page.text("best-model@").first()).isVisible();
    assertThat(page.text(" is kept (")).isVisible();
    assertThat(row(page, "best-model").getByRole(AriaRole.CELL))
        .containsText(new String[] {"resnet", "avgpool", "soft", "32", "64"});
    page.link("best-model").click();
    page.awaitReady("reference");
    page.button("Delete …").click();
    page.answer("Cancel");
    page.button("Delete …").click();
    page.answer("Delete it");
    page.awaitReady("references");
    assertThat(row(page, "cnn-v1")).hasCount(1);
    assertThat(row(page, "best-model")).hasCount(0);
  }

  @Test
  void whatIsWrongWithAFileIsSaid() {
    CHROMIUM.expect("4\\d\\d");
    LivePage page = page();
    upload(page, "junk.safetensors", "this is no reference".getBytes(UTF_8));
    assertThat(page.labelled("Name")).hasValue("junk");
    assertThat(page.page().getByRole(AriaRole.ALERT)).containsText("safetensors");
    page.labelled("Name").fill("cnn-v1");
    upload(page, "other.safetensors", embeddings(2));
    assertThat(page.page().getByRole(AriaRole.ALERT)).containsText("cnn-v1");
    assertThat(page.button("Upload")).isEnabled();
    page.assertAccessible();
    assertThat(row(page, "junk")).hasCount(0);
  }
}
