package dev.latentgauge.tests.live;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;

/** The page in a window, as people find their way in it: by roles, labels and texts. */
final class LivePage {

  private final Page page;
  private final LiveCollector collector;

  private LivePage(Page page, LiveCollector collector) {
    this.page = page;
    this.collector = collector;
  }

  /**
   * Opens a view.
   *
   * @param view such as {@code #/runs/a}; empty for all runs
   * @param kind what it says it is when it is drawn, such as {@code run}
   */
  static LivePage open(Page page, LiveCollector collector, String view, String kind) {
    LivePage opened = new LivePage(page, collector);
    opened.go(view, kind);
    return opened;
  }

  /** Opens a view of the same collector in another window. */
  LivePage beside(Page window, String view, String kind) {
    return open(window, collector, view, kind);
  }

  /** Goes to another view, by its address. */
  void go(String view, String kind) {
    page.navigate(collector.page(view));
    awaitReady(kind);
  }

  /** Waits until a view is drawn with all that it shows. */
  void awaitReady(String kind) {
    assertThat(page.locator("html")).hasAttribute("data-ready", kind);
  }

  /** The window. */
  Page page() {
    return page;
  }

  /** What the address says of the view; it says so once nothing more is changed. */
  String view() {
    return page.url().substring(page.url().indexOf('#'));
  }

  /** Waits until the address says something of the view, or no longer does. */
  void awaitView(Predicate<String> isSaid) {
    page.waitForCondition(() -> isSaid.test(view()));
  }

  /** What has a role and exactly this name. */
  Locator the(AriaRole role, String name) {
    return page.getByRole(role, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  Locator button(String name) {
    return the(AriaRole.BUTTON, name);
  }

  Locator link(String name) {
    return the(AriaRole.LINK, name);
  }

  Locator heading(String name) {
    return the(AriaRole.HEADING, name);
  }

  Locator field(String label) {
    return the(AriaRole.TEXTBOX, label);
  }

  /** What else has a label, such as a field for a file or a secret. */
  Locator labelled(String label) {
    return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
  }

  Locator choice(String label) {
    return the(AriaRole.COMBOBOX, label);
  }

  Locator box(String label) {
    return the(AriaRole.CHECKBOX, label);
  }

  /** What says something, all of which or a part. */
  Locator text(String part) {
    return page.getByText(part);
  }

  /** What says something that matches. */
  Locator text(Pattern pattern) {
    return page.getByText(pattern);
  }

  /** What is said because something is wrong, or has changed. */
  Locator alert(String part) {
    return page.getByRole(AriaRole.ALERT).filter(new Locator.FilterOptions().setHasText(part));
  }

  /** The table of runs. */
  Locator table() {
    return the(AriaRole.REGION, "Table of runs");
  }

  /** The row of a run. */
  Locator row(String run) {
    return table().getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHas(link(run)));
  }

  /** What a row has in a column. */
  Locator cell(String run, String column) {
    assertThat(row(run)).hasCount(1);
    List<String> heads =
        table().getByRole(AriaRole.COLUMNHEADER).allInnerTexts().stream()
            .map(head -> head.replaceAll(" [↑↓]$", ""))
            .toList();
    Assertions.assertThat(heads).contains(column);
    return row(run).locator("th, td").nth(heads.indexOf(column));
  }

  /** The head of a column. */
  Locator column(String name) {
    return table()
        .getByRole(AriaRole.COLUMNHEADER)
        .filter(
            new Locator.FilterOptions()
                .setHas(
                    page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(name).setExact(true))));
  }

  /** The runs of the rows, from top to bottom. */
  List<String> runs() {
    return table().getByRole(AriaRole.ROWHEADER).getByRole(AriaRole.LINK).allTextContents();
  }

  /** Waits until the table has so many rows. */
  void awaitRows(int count) {
    assertThat(table().getByRole(AriaRole.ROWHEADER)).hasCount(count);
  }

  /** Types into the field that filters runs. */
  void filter(String words) {
    page.getByRole(AriaRole.SEARCHBOX).fill(words);
  }

  /** A chart, with all that belongs to it. */
  Locator chart(String title) {
    return page.locator("lg-chart").filter(new Locator.FilterOptions().setHas(heading(title)));
  }

  /** What is drawn of a chart; its label says what there is to see. */
  Locator figure(String title) {
    return chart(title).getByRole(AriaRole.GROUP);
  }

  /** What is said of a word, in a list of such pairs. */
  Locator fact(String name) {
    return page.locator("dl > div")
        .filter(
            new Locator.FilterOptions()
                .setHas(page.getByText(name, new Page.GetByTextOptions().setExact(true))))
        .locator("dd");
  }

  /** The dialog that asks something. */
  Locator dialog() {
    return page.getByRole(AriaRole.DIALOG);
  }

  /** Answers it, and waits until it is gone. */
  void answer(String button) {
    dialog()
        .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(button).setExact(true))
        .click();
    assertThat(dialog()).hasCount(0);
  }

  /** What is saved when something is clicked. */
  byte[] saved(Locator button, String file) {
    Download download = page.waitForDownload(button::click);
    Assertions.assertThat(download.suggestedFilename()).isEqualTo(file);
    try {
      return Files.readAllBytes(download.path());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asserts that nothing is wider than the window, so that nobody has to move it sideways. */
  void assertFits() {
    Assertions.assertThat(
            page.evaluate(
                "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))
        .as("pixels beyond the right edge of " + shortened(page.url()))
        .isEqualTo(0);
  }

  private static String shortened(String text) {
    return text.substring(0, Math.min(text.length(), 200));
  }

  /** Asserts that the view can be used by everybody, in light and in dark. */
  void assertAccessible() {
    for (ColorScheme scheme : List.of(ColorScheme.DARK, ColorScheme.LIGHT)) {
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
      Accessibility.assertAccessible(page);
    }
  }
}
