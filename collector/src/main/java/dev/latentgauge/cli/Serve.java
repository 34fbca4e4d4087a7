package dev.latentgauge.cli;

import dev.latentgauge.cli.settings.Checked;
import dev.latentgauge.cli.settings.Settings;
import dev.latentgauge.cli.settings.SettingsOptions;
import dev.latentgauge.collector.Collector;
import dev.latentgauge.collector.CollectorOptions;
import dev.latentgauge.collector.InvalidOptionsException;
import dev.latentgauge.collector.Version;
import dev.latentgauge.collector.exposition.MetricChoice;
import dev.latentgauge.collector.store.Capacity;
import dev.latentgauge.collector.store.Database;
import dev.latentgauge.collector.store.DatabaseUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a collector until it is told to stop. */
@Command(
    name = "serve",
    description = "Runs the collector until it is stopped by SIGTERM or Ctrl-C.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    versionProvider = Main.VersionProvider.class)
final class Serve implements Callable<Integer>, Checked {

  private static final Logger LOG = LoggerFactory.getLogger(Serve.class);

  /** How much later than it should the process ends by force. */
  private static final Duration LAST_STRAW = Duration.ofSeconds(1);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private SettingsOptions settings = new SettingsOptions();

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Name or address to listen on; 0.0.0.0 is every network.")
  private String host = CollectorOptions.DEFAULT_HOST;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port to listen on; 0 picks a free one.")
  private int port = CollectorOptions.DEFAULT_PORT;

  @Option(
      names = "--linger",
      paramLabel = "SECONDS",
      description = "How long an ended run stays in /metrics; at least two scrape intervals.")
  private int linger = CollectorOptions.DEFAULT_LINGER_SECONDS;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder for what it keeps: history, references, tokens; made if it is missing.")
  private Path data = Path.of(CollectorOptions.DEFAULT_DATA);

  @Option(
      names = "--lost-after",
      paramLabel = "DURATION",
      defaultValue = CollectorOptions.DEFAULT_LOST_AFTER_HOURS + "h",
      converter = DurationConverter.class,
      description =
          "After so long without a word a live run is taken for lost, until its next word; longer"
              + " than any time between two reports, such as 30m or 2d.")
  private Duration lostAfter = Duration.ZERO;

  @Option(
      names = "--keep",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description =
          "How long runs are kept after their end, such as 90d; as long as there is room.")
  private @Nullable Duration keep;

  @Option(
      names = "--history-size",
      paramLabel = "SIZE",
      converter = Size.Converter.class,
      description =
          "How large the history may become, roughly; then the runs that ended first are deleted.")
  private Size historySize = new Size(Capacity.DEFAULT.bytes());

  @Option(
      names = "--database-url",
      paramLabel = "URL",
      converter = DatabaseUrlConverter.class,
      description =
          "PostgreSQL for the history, such as postgresql://USER@HOST/DATABASE, with the parameters of"
              + " its JDBC driver; otherwise it is a file of SQLite in the data folder.")
  private @Nullable DatabaseUrl databaseUrl;

  @Option(
      names = "--database-password-file",
      paramLabel = "FILE",
      description =
          "File with the password of the database in its first line; or set"
              + " LATENTGAUGE_DATABASE_PASSWORD.")
  private @Nullable Path databasePasswordFile;

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      description = "How standard error is written: ${COMPLETION-CANDIDATES}.")
  private LogFormat logFormat = LogFormat.TEXT;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description = "How much of it: ${COMPLETION-CANDIDATES}.")
  private LogLevel logLevel = LogLevel.INFO;

  @Option(
      names = "--shutdown-delay",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      defaultValue = "0s",
      description =
          "How long it still accepts requests once told to end, while /health/ready says no: so long"
              + " that load balancers notice.")
  private Duration shutdownDelay = Duration.ZERO;

  @Option(
      names = "--shutdown-deadline",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      defaultValue = "20s",
      description =
          "How long it may take to end, the delay included; clients that are slower are cut off.")
  private Duration shutdownDeadline = Duration.ZERO;

  @Option(
      names = "--metrics",
      paramLabel = "NAME",
      split = ",",
      description = {
        "Metrics of runs to show in /metrics; all, unless some are named.",
        "NAME* is all that begin so, -NAME all but that: --metrics=-latentgauge_agent_*"
      })
  private List<String> metrics = List.of();

  @Mixin private KafkaFlags kafka = new KafkaFlags();

  @Mixin private AccessFlags access = new AccessFlags();

  @Override
  public Integer call() throws IOException {
    if (settings.isPrintConfig()) {
      printConfig();
      return 0;
    }
    Logging.configure(logFormat, logLevel);
    Settings.of(spec).ifPresent(Serve::log);
    CollectorOptions options = options();
    Collector collector = Collector.start(options);
    Signals.end(collector::close, options.shutdownDeadline().plus(LAST_STRAW));
    Runtime.getRuntime().addShutdownHook(new Thread(collector::close, "shutdown"));
    spec.commandLine()
        .getOut()
        .println(
            "latentgauge collector " + Version.current() + " listening on " + collector.address());
    spec.commandLine().getOut().flush();
    return collector.awaitClose() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private static void log(Settings settings) {
    settings.warnings().forEach(LOG::warn);
    String given = settings.summary();
    LOG.info(
        "latentgauge collector {} starts with {}",
        Version.current(),
        given.isEmpty() ? "the defaults" : given);
  }

  private void printConfig() {
    Settings.of(spec)
        .ifPresent(
            all -> {
              all.warnings().forEach(spec.commandLine().getErr()::println);
              spec.commandLine().getOut().print(all.asFile());
              spec.commandLine().getOut().flush();
            });
  }

  @Override
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>(access.mistakes());
    if (historySize.bytes() < 1) {
      mistakes.add("historySize must be above 0, but is 0");
    }
    tryOut(() -> MetricChoice.parse(metrics), mistakes);
    tryOut(this::database, mistakes);
    tryOut(kafka::options, mistakes);
    tryOut(() -> byThemselves().build(), mistakes);
    return mistakes;
  }

  /** Each part of the options by itself, so that a mistake in one hides none in another. */
  private static void tryOut(Runnable part, List<String> mistakes) {
    try {
      part.run();
    } catch (InvalidOptionsException e) {
      mistakes.addAll(e.mistakes());
    } catch (IllegalArgumentException e) {
      mistakes.add(String.valueOf(e.getMessage()));
    }
  }

  private CollectorOptions options() {
    return byThemselves()
        .capacity(Capacity.DEFAULT.withBytes(historySize.bytes()))
        .database(database())
        .bus(kafka.options())
        .access(access.options())
        .metrics(MetricChoice.parse(metrics))
        .build();
  }

  /** The options that are what was given. */
  private CollectorOptions.Builder byThemselves() {
    return CollectorOptions.builder()
        .host(host)
        .port(port)
        .linger(Duration.ofSeconds(linger))
        .lostAfter(lostAfter)
        .keep(Optional.ofNullable(keep))
        .data(data)
        .shutdown(shutdownDelay, shutdownDeadline)
        .meters(registry -> Logging.meters().bindTo(registry))
        .engine(EngineOptions.ofService(data.resolve("engine"))::load);
  }

  private Optional<Database> database() {
    return Optional.ofNullable(databaseUrl).map(url -> Database.postgres(url, databasePassword()));
  }

  private Optional<String> databasePassword() {
    return Optional.ofNullable(databasePasswordFile)
        .map(Serve::firstLine)
        .or(() -> Optional.ofNullable(System.getenv("LATENTGAUGE_DATABASE_PASSWORD")));
  }

  private static String firstLine(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.findFirst().orElse("");
    } catch (IOException | UncheckedIOException e) {
      throw new IllegalArgumentException("databasePasswordFile cannot be read: " + e, e);
    }
  }
}
