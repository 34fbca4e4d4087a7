package dev.latentgauge.tests.live;

import dev.latentgauge.collector.Collector;
import dev.latentgauge.collector.CollectorOptions;
import dev.latentgauge.tests.live.SyntheticRun.Fate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A collector with much to look at, for who works on the page: many runs of every kind, one that
 * grows five times a second, one with a long history, some that come and go, and live ones that
 * report now and then. They stop if the collector says so.
 *
 * <p>{@code tests/live.sh --help}
 */
@Command(
    name = "tests/live.sh",
    description = "Serves a collector with many runs, some of which go on, until it is stopped.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
public final class Demo implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(Demo.class);
  private static final int SHORT_LIFE = 60;
  private static final int ENDLESS = 3000;

  @Option(names = "--port", description = "Port to listen on; 0 picks a free one.")
  private int port = CollectorOptions.DEFAULT_PORT;

  @Option(names = "--data", description = "Folder for its data; otherwise a temporary one.")
  private @Nullable Path data;

  @Option(
      names = "--collector",
      description = "Address of a collector that is filled instead; none is started.")
  private @Nullable URI collector;

  @Option(names = "--runs", description = "How many runs.")
  private int runs = 1000;

  @Option(names = "--long", description = "How many observations the longest history has.")
  private int longest = 100_000;

  private final InstantSource clock = Clock.systemUTC();
  private final List<Future<?>> going = new ArrayList<>();
  private final List<GrowingRun> passing = new ArrayList<>();
  private int begun;
  private int turn;

  private Demo() {}

  /** Serves until the process is ended. */
  public static void main(String[] arguments) {
    int status = new CommandLine(new Demo()).execute(arguments);
    if (status != 0 || new CommandLine(new Demo()).parseArgs(arguments).isUsageHelpRequested()) {
      System.exit(status);
    }
  }

  @Override
  public Integer call() throws IOException {
    URI address = collector == null ? start() : collector;
    CollectorApi api = new CollectorApi(address);
    ManyRuns many = ManyRuns.in(api);
    List<SyntheticRun> fleet = many.mixed(runs);
    LOG.info("{}: {} runs are put in", address, runs);
    Posting.of(fleet, api, clock.instant());
    goOn(api, many, fleet);
    LOG.info("{}: a history of {} observations is put in", address, longest);
    Posting.of(List.of(many.longest(longest)), api, clock.instant());
    LOG.info("{} is ready, until it is stopped", address);
    return 0;
  }

  private URI start() throws IOException {
    Path folder = data == null ? Files.createTempDirectory("latentgauge-demo") : data;
    Collector started = Collector.start(CollectorOptions.builder().port(port).data(folder).build());
    Runtime.getRuntime().addShutdownHook(new Thread(started::close, "shutdown"));
    return started.address();
  }

  private void goOn(CollectorApi api, ManyRuns many, List<SyntheticRun> fleet) {
    GrowingRun growing =
        GrowingRun.begin(api, many.plain("growing", Fate.LIVE, ENDLESS), clock.instant());
    List<GrowingRun> live =
        new ArrayList<>(
            fleet.stream()
                .filter(run -> run.fate() == Fate.LIVE)
                .map(run -> GrowingRun.after(api, run))
                .toList());
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    going.addAll(
        List.of(
            every(timer, 200, () -> growing.report(clock.instant())),
            every(timer, 50, () -> reportOne(live)),
            every(timer, 1000, this::reportPassing),
            every(timer, 5000, () -> beginPassing(api, many))));
  }

  private static Future<?> every(ScheduledExecutorService timer, long millis, Runnable task) {
    return timer.scheduleAtFixedRate(() -> tried(task), millis, millis, TimeUnit.MILLISECONDS);
  }

  /** A collector may be restarted, or a run deleted and its tags with it. */
  private static void tried(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.warn("a report failed: {}", e.getMessage());
    }
  }

  private void reportOne(List<GrowingRun> live) {
    if (!live.isEmpty()) {
      turn = (turn + 1) % live.size();
      if (!live.get(turn).reportAndObey(clock.instant())) {
        live.remove(turn);
      }
    }
  }

  private void beginPassing(CollectorApi api, ManyRuns many) {
    Fate[] fates = {Fate.COMPLETED, Fate.STOPPED, Fate.FAILED};
    Fate fate = fates[begun % fates.length];
    SyntheticRun run = many.plain("passing-%04d".formatted(begun++), fate, SHORT_LIFE);
    passing.add(GrowingRun.begin(api, run, clock.instant()));
  }

  private void reportPassing() {
    for (GrowingRun run : List.copyOf(passing)) {
      if (run.isOver()) {
        run.end();
        passing.remove(run);
      } else if (!run.reportAndObey(clock.instant())) {
        passing.remove(run);
      }
    }
  }
}
