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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
 * <p>{@code tests/benchmark.sh LivePageBenchmark [RUNS LENGTH]}; four minutes.
 */
public final class LivePageBenchmark {

  private static final int TIMES = 7;
  private static final Duration BUSY = Duration.ofSeconds(30);
  private static final Duration REPORT_INTERVAL = Duration.ofSeconds(10);
  private static final String GROWING = "growing";
  private static final List<String> KEYS = List.of("t", "m", "r", "d");

  private static final String ABOUT =
      "A Chromium on the machine of the collector opens the page of many live runs, each of "
          + ManyRuns.LENGTH
          + " observations, and of\none that is longer. Each time is that until the frame was painted"
          + " that shows it. Then all runs report every ten seconds.";

  private final Browser browser;
  private final CollectorApi api;
  private final String page;
  private final ManyRuns many;
  private final List<SyntheticRun> fleet;
  private final InstantSource clock;
  private final int times;
  private final Table waits;
  private final Table loads =
      new Table("What is loaded", "opened", "requests", "kB, as sent", "kB of scripts");
  private final Table busy =
      new Table(
          "While all runs report",
          "runs",
          "reports a second",
          "the page is busy, %",
          "tasks of 50 ms or more",
          "longest, ms",
          "its heap, MB");

  private LivePageBenchmark(
      Browser browser, Collector collector, int runs, int length, InstantSource clock, int times) {
    this.browser = browser;
    this.api = new CollectorApi(collector.address());
    this.page = collector.address() + "/";
    this.many = ManyRuns.in(api);
    this.fleet = many.all(Fate.LIVE, runs);
    this.clock = clock;
    this.times = times;
    this.waits =
        new Table(
            String.format(
                Locale.ROOT,
                "What people wait for, with %,d runs and one of %,d observations",
                runs,
                length),
            "from",
            "to",
            "median, ms",
            "longest, ms");
  }

  /**
   * Measures, and writes the result to {@code tests/benchmarks}.
   *
   * @param arguments none, or how many runs, and how many observations of the longest
   * @throws IOException if the collector cannot be started
   */
  public static void main(String[] arguments) throws IOException {
    int[] numbers = Arguments.numbers(arguments, 1_000, 100_000);
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    Path data = Files.createTempDirectory("live-page-benchmark");
    Result result = run(numbers[0], numbers[1], TIMES, BUSY, data, InstantSource.system());
    result.tables().forEach(table -> out.println(table.markdown()));
    result.write(Result.FOLDER);
    System.exit(0);
  }

  /** Starts a collector, fills it, and measures. */
  static Result run(int runs, int length, int times, Duration busy, Path data, InstantSource clock)
      throws IOException {
    try (Collector collector =
            Collector.start(CollectorOptions.builder().port(0).data(data).build());
        Playwright playwright = Chromium.playwright();
        Browser browser = Chromium.launch(playwright)) {
      LivePageBenchmark benchmark =
          new LivePageBenchmark(browser, collector, runs, length, clock, times);
      benchmark.fill(length);
      benchmark.measure(busy);
      return Result.of(
          LivePageBenchmark.class,
          "The page",
          ABOUT,
          LocalDate.now(Clock.systemUTC()).toString(),
          Map.of("Chromium", browser.version()),
          List.of(benchmark.waits, benchmark.loads, benchmark.busy),
          List.of());
    }
  }

  private void fill(int length) {
    Posting.of(fleet, api, clock.instant());
    Posting.of(List.of(many.longest(length)), api, clock.instant());
  }

  private void measure(Duration busyTime) {
    GrowingRun growing =
        GrowingRun.begin(api, many.plain(GROWING, Fate.LIVE, ManyRuns.LENGTH), clock.instant());
    growing.report(clock.instant());
    row("opening the page", "all runs in the table", fresh(""));
    row("opening the page of the longest run", "its chart", fresh("#/runs/" + ManyRuns.LONG));
    try (BrowserContext context = context()) {
      PageTimes watched = new PageTimes(context);
      watched.open(page, "runs");
      row("a click on the longest run", "its chart", () -> clicked(watched));
      filter(watched);
      row("a report", "its number in the table", () -> reported(watched, growing));
    }
    sizes("all runs", "", "runs");
    sizes("the longest run", "#/runs/" + ManyRuns.LONG, "run");
    busy(busyTime);
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
    waits.add(
        Cell.of(from),
        Cell.of(to),
        Cell.of(Quantiles.median(taken)),
        Cell.of(Quantiles.of(taken, 1)));
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
      loads.add(
          Cell.of(name), Cell.ofCount(finished.size()), Cell.of(all / 1e3), Cell.of(scripts / 1e3));
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
      busy.add(
          Cell.ofCount(fleet.size()),
          Cell.of(reports * 1e3 / duration.toMillis()),
          Cell.of(100 * busySeconds / duration.toMillis() * 1e3),
          Cell.ofCount(tasks.length),
          Cell.of(Arrays.stream(tasks).max().orElse(0)),
          Cell.of(watched.heap() / 1e6));
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
