package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Request;
import dev.latentgauge.collector.Collector;
import dev.latentgauge.collector.CollectorOptions;
import dev.latentgauge.tests.live.Chromium;
import dev.latentgauge.tests.live.CollectorApi;
import dev.latentgauge.tests.live.GrowingRun;
import dev.latentgauge.tests.live.ManyRuns;
import dev.latentgauge.tests.live.Posting;
import dev.latentgauge.tests.live.SyntheticRun;
import dev.latentgauge.tests.live.SyntheticRun.Fate;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;

/**
 * How long people wait for the page, with many live runs and one long history, in a Chromium on the
 * machine of the collector; each time until the frame was painted that shows it.
 *
 * <p>It prints tables in Markdown:
 *
 * <p>{@code tests/benchmark.sh LivePageBenchmark [RUNS LENGTH]}
 */
public final class LivePageBenchmark {

  private static final int TIMES = 7;
  private static final Duration BUSY = Duration.ofSeconds(30);
  private static final Duration REPORT_INTERVAL = Duration.ofSeconds(10);
  private static final String GROWING = "growing";
  private static final List<String> KEYS = List.of("t", "m", "r", "d");

  private final Browser browser;
  private final CollectorApi api;
  private final String page;
  private final ManyRuns many;
  private final List<SyntheticRun> fleet;
  private final InstantSource clock;
  private final int times;
  private final PrintStream out;

  private LivePageBenchmark(
      Browser browser,
      Collector collector,
      int runs,
      InstantSource clock,
      int times,
      PrintStream out) {
    this.browser = browser;
    this.api = new CollectorApi(collector.address());
    this.page = collector.address() + "/";
    this.many = ManyRuns.in(api);
    this.fleet = many.all(Fate.LIVE, runs);
    this.clock = clock;
    this.times = times;
    this.out = out;
  }

  /**
   * Prints the tables.
   *
   * @param arguments none, or how many runs, and how many observations of the longest
   * @throws IOException if the collector cannot be started
   */
  public static void main(String[] arguments) throws IOException {
    int[] numbers = Arguments.numbers(arguments, 1_000, 100_000);
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    Path data = Files.createTempDirectory("live-page-benchmark");
    run(numbers[0], numbers[1], TIMES, BUSY, data, InstantSource.system(), out);
    System.exit(0);
  }

  /** Starts a collector, fills it, and measures. */
  static void run(
      int runs,
      int length,
      int times,
      Duration busy,
      Path data,
      InstantSource clock,
      PrintStream out)
      throws IOException {
    try (Collector collector =
            Collector.start(CollectorOptions.builder().port(0).data(data).build());
        Playwright playwright = Chromium.playwright();
        Browser browser = Chromium.launch(playwright)) {
      LivePageBenchmark benchmark =
          new LivePageBenchmark(browser, collector, runs, clock, times, out);
      benchmark.fill(length);
      benchmark.print(busy);
    }
  }

  private void fill(int length) {
    Posting.of(fleet, api, clock.instant());
    Posting.of(List.of(many.longest(length)), api, clock.instant());
  }

  private void print(Duration busy) {
    GrowingRun growing =
        GrowingRun.begin(api, many.plain(GROWING, Fate.LIVE, ManyRuns.LENGTH), clock.instant());
    growing.report(clock.instant());
    out.println("| from | to | median ms | longest ms |");
    out.println("|---|---|---:|---:|");
    row("opening the page", "all runs in the table", fresh(""));
    row("opening the page of the longest run", "its chart", fresh("#/runs/" + ManyRuns.LONG));
    try (BrowserContext context = context()) {
      PageTimes watched = new PageTimes(context);
      watched.open(page, "runs");
      row("a click on the longest run", "its chart", () -> clicked(watched));
      filter(watched);
      row("a report", "its number in the table", () -> reported(watched, growing));
    }
    out.println();
    sizes();
    out.println();
    busy(busy);
  }

  private BrowserContext context() {
    return browser.newContext(Chromium.options());
  }

  /** By who was never here, so that nothing is cached. */
  private DoubleSupplier fresh(String hash) {
    return () -> {
      try (BrowserContext context = context()) {
        return new PageTimes(context).open(page + hash, hash.isEmpty() ? "runs" : "run");
      }
    };
  }

  private static double clicked(PageTimes watched) {
    double taken = watched.goTo("#/runs/" + ManyRuns.LONG, "run");
    watched.goTo("#/", "runs");
    return taken;
  }

  private void filter(PageTimes watched) {
    watched.page().locator("input[type=search]").first().focus();
    List<Double> narrowed = new ArrayList<>();
    List<Double> widened = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      narrowed.add(watched.press(KEYS.get(i % KEYS.size())));
      widened.add(watched.press("Backspace"));
    }
    row("a letter in the filter", "the runs that match", narrowed);
    row("its deletion", "all runs", widened);
    watched.page().locator("input[type=search]").first().fill(GROWING);
    watched.page().locator("a[href='#/runs/" + GROWING + "']").first().waitFor();
  }

  private double reported(PageTimes watched, GrowingRun growing) {
    watched.watchRow(GROWING);
    Instant sent = clock.instant();
    growing.report(sent);
    return watched.rowChangedAt() - (sent.getEpochSecond() * 1e3 + sent.getNano() * 1e-6);
  }

  private void row(String from, String to, DoubleSupplier measure) {
    List<Double> taken = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      taken.add(measure.getAsDouble());
    }
    row(from, to, taken);
  }

  private void row(String from, String to, List<Double> taken) {
    out.println(
        String.format(
            Locale.ROOT,
            "| %s | %s | %.0f | %.0f |",
            from,
            to,
            Quantiles.median(taken),
            Quantiles.of(taken, 1)));
  }

  private void sizes() {
    out.println("| opened | requests | kB, as sent | kB of scripts |");
    out.println("|---|---:|---:|---:|");
    sizes("all runs", "", "runs");
    sizes("the longest run", "#/runs/" + ManyRuns.LONG, "run");
  }

  private void sizes(String name, String hash, String view) {
    try (BrowserContext context = context()) {
      List<Request> finished = new ArrayList<>();
      context.onRequestFinished(finished::add);
      new PageTimes(context).open(page + hash, view);
      double all = 0;
      double scripts = 0;
      for (Request request : List.copyOf(finished)) {
        double bytes = request.sizes().responseBodySize + request.sizes().responseHeadersSize;
        all += bytes;
        scripts += request.resourceType().equals("script") ? bytes : 0;
      }
      out.println(
          String.format(
              Locale.ROOT,
              "| %s | %d | %.0f | %.0f |",
              name,
              finished.size(),
              all / 1e3,
              scripts / 1e3));
    }
  }

  /** While every run reports once in a while. */
  private void busy(Duration duration) {
    try (BrowserContext context = context()) {
      PageTimes watched = new PageTimes(context);
      watched.open(page, "runs");
      CDPSession devTools = context.newCDPSession(watched.page());
      devTools.send("Performance.enable");
      int before = watched.longTasks().length;
      double taskSeconds = taskSeconds(devTools);
      int reports = whileReporting(watched.page(), duration);
      double busySeconds = taskSeconds(devTools) - taskSeconds;
      double[] all = watched.longTasks();
      double[] tasks = Arrays.copyOfRange(all, before, all.length);
      out.println(
          String.format(
              Locale.ROOT,
              "While %d runs report every %d s (%d reports in %d s): the page is busy %.1f %% of the"
                  + " time, with %d tasks of 50 ms or more, the longest of %.0f ms; its heap is %.0f"
                  + " MB.",
              fleet.size(),
              REPORT_INTERVAL.toSeconds(),
              reports,
              duration.toSeconds(),
              100 * busySeconds / duration.toMillis() * 1e3,
              tasks.length,
              Arrays.stream(tasks).max().orElse(0),
              watched.heap() / 1e6));
    }
  }

  private int whileReporting(Page page, Duration duration) {
    List<GrowingRun> runs = fleet.stream().map(run -> GrowingRun.after(api, run)).toList();
    AtomicInteger reports = new AtomicInteger();
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    Future<?> reporting =
        timer.scheduleAtFixedRate(
            () -> runs.get(reports.getAndIncrement() % runs.size()).report(clock.instant()),
            0,
            REPORT_INTERVAL.toNanos() / runs.size(),
            TimeUnit.NANOSECONDS);
    page.waitForTimeout((double) duration.toMillis());
    reporting.cancel(false);
    timer.shutdown();
    return reports.get();
  }

  private static double taskSeconds(CDPSession devTools) {
    return devTools.send("Performance.getMetrics").getAsJsonArray("metrics").asList().stream()
        .map(metric -> metric.getAsJsonObject())
        .filter(metric -> metric.get("name").getAsString().equals("TaskDuration"))
        .mapToDouble(metric -> metric.get("value").getAsDouble())
        .sum();
  }
}
