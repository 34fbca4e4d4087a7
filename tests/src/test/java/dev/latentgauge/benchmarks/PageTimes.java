package dev.latentgauge.benchmarks;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When things happen in a page, by its own clock; from here a moment would be late by what it takes
 * to ask.
 *
 * <p>A thing has happened when the frame that shows it was painted: a task that a frame's callback
 * posts runs after it.
 */
final class PageTimes {

  /** Milliseconds, longer than anything takes. */
  private static final int PATIENCE = 60_000;

  /**
   * What pages are given before their own scripts; {@code readyAt} is when views had their data.
   */
  private static final String WATCH =
      """
      window.times = { readyAt: {}, keyAt: 0, changedAt: 0, longTasks: [] };
      times.painted = then => requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => then(performance.now());
        channel.port2.postMessage(0);
      });
      times.until = (read, patience) => new Promise(done => {
        const end = performance.now() + patience;
        const look = () => {
          const number = read();
          if (number || performance.now() > end) {
            done(number);
          } else {
            setTimeout(look, 10);
          }
        };
        look();
      });
      times.watchChange = element => {
        times.changedAt = 0;
        const observer = new MutationObserver(() => {
          observer.disconnect();
          times.painted(now => times.changedAt = now);
        });
        observer.observe(element, { subtree: true, childList: true, characterData: true });
      };
      new MutationObserver(() => {
        const view = document.documentElement.dataset.ready;
        if (view && !(view in times.readyAt)) {
          times.readyAt[view] = 0;
          times.painted(now => times.readyAt[view] = now);
        }
      }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-ready'] });
      addEventListener('keydown', event => times.keyAt = event.timeStamp, true);
      new PerformanceObserver(list => times.longTasks.push(...list.getEntries().map(e => e.duration)))
        .observe({ type: 'longtask' });
      """;

  private static final String TABLE = "document.querySelector('[role=grid], table')";

  private final Page page;

  /** Of a window that has opened nothing yet. */
  PageTimes(BrowserContext context) {
    context.addInitScript(WATCH);
    page = context.newPage();
  }

  Page page() {
    return page;
  }

  /** Opens an address, and answers the milliseconds until a view was painted. */
  double open(String address, String view) {
    page.navigate(address);
    return awaitReady(view);
  }

  /** Goes to another view of the page that is open, and answers the milliseconds until painted. */
  double goTo(String hash, String view) {
    double start =
        number(
            "([hash, view]) => { delete times.readyAt[view];"
                + " delete document.documentElement.dataset.ready;"
                + " const now = performance.now(); location.hash = hash; return now; }",
            new String[] {hash, view});
    return awaitReady(view) - start;
  }

  private double awaitReady(String view) {
    return awaitNumber("view " + view, "times.readyAt['" + view + "'] || 0");
  }

  /** Presses a key, and answers the milliseconds until another table was painted. */
  double press(String key) {
    page.evaluate("times.watchChange(" + TABLE + ")");
    page.keyboard().press(key);
    return awaitNumber(
        "the table, after " + key, "times.changedAt && times.changedAt - times.keyAt");
  }

  /** Begins to watch the row of a run. */
  void watchRow(String run) {
    page.evaluate(
        "run => times.watchChange(document.querySelector(`a[href=\"#/runs/${run}\"]`)"
            + ".closest('tr, [role=row]'))",
        run);
  }

  /** When the row was painted anew, in milliseconds since 1970. */
  double rowChangedAt() {
    return awaitNumber("the row", "times.changedAt && performance.timeOrigin + times.changedAt");
  }

  /** How long each task took so far that kept the page from anything else for 50 ms or more. */
  double[] longTasks() {
    return numbers("times.longTasks");
  }

  /** The heap of the page's scripts, in bytes, garbage included. */
  double heap() {
    return number("() => performance.memory.usedJSHeapSize", null);
  }

  /** Not by Playwright's own waiting, which evaluates texts, as the page's policy forbids. */
  private double awaitNumber(String what, String expression) {
    double number = number("patience => times.until(() => " + expression + ", patience)", PATIENCE);
    if (number == 0) {
      throw new IllegalStateException(what + " was not painted in " + PATIENCE + " ms");
    }
    return number;
  }

  private double number(String function, @Nullable Object argument) {
    return ((Number) page.evaluate(function, argument)).doubleValue();
  }

  private double[] numbers(String expression) {
    return ((List<?>) page.evaluate(expression))
        .stream().mapToDouble(each -> ((Number) each).doubleValue()).toArray();
  }
}
