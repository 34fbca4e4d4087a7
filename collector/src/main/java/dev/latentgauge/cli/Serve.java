package dev.latentgauge.cli;

import dev.latentgauge.collector.Collector;
import dev.latentgauge.collector.CollectorOptions;
import dev.latentgauge.collector.Version;
import dev.latentgauge.collector.store.Capacity;
import dev.latentgauge.collector.store.Database;
import dev.latentgauge.collector.store.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a collector until it is told to stop. */
@Command(
    name = "serve",
    description = "Runs the collector until it is stopped by SIGTERM or Ctrl-C.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    versionProvider = Main.VersionProvider.class)
final class Serve implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

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
      description = "Folder for what it keeps, such as references; made if it is missing.")
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
  private Optional<Duration> keep = Optional.empty();

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
  private Optional<DatabaseUrl> databaseUrl = Optional.empty();

  @Option(
      names = "--database-password-file",
      paramLabel = "FILE",
      description =
          "File with the password of the database in its first line; or set"
              + " LATENTGAUGE_DATABASE_PASSWORD.")
  private Optional<Path> databasePasswordFile = Optional.empty();

  @Override
  public Integer call() throws IOException {
    Collector collector = Collector.start(options());
    Runtime.getRuntime().addShutdownHook(new Thread(collector::close, "shutdown"));
    spec.commandLine()
        .getOut()
        .println(
            "latentgauge collector " + Version.current() + " listening on " + collector.address());
    spec.commandLine().getOut().flush();
    collector.awaitClose();
    return 0;
  }

  private CollectorOptions options() throws IOException {
    try {
      return CollectorOptions.builder()
          .host(host)
          .port(port)
          .linger(Duration.ofSeconds(linger))
          .lostAfter(lostAfter)
          .keep(keep)
          .capacity(Capacity.DEFAULT.withBytes(historySize.bytes()))
          .database(database())
          .data(data)
          .engine(EngineOptions.ofService(data.resolve("engine"))::load)
          .build();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private Optional<Database> database() throws IOException {
    if (databaseUrl.isEmpty()) {
      databasePasswordFile.ifPresent(
          file -> {
            throw new ParameterException(
                spec.commandLine(), "--database-password-file needs --database-url");
          });
      return Optional.empty();
    }
    return Optional.of(Database.postgres(databaseUrl.get(), databasePassword()));
  }

  private Optional<String> databasePassword() throws IOException {
    if (databasePasswordFile.isEmpty()) {
      return Optional.ofNullable(System.getenv("LATENTGAUGE_DATABASE_PASSWORD"));
    }
    try (Stream<String> lines = Files.lines(databasePasswordFile.get())) {
      return lines.findFirst();
    }
  }
}
