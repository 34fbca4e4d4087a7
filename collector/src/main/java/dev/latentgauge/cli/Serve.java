package dev.latentgauge.cli;

import dev.latentgauge.collector.Collector;
import dev.latentgauge.collector.CollectorOptions;
import dev.latentgauge.collector.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Mixin private AccessFlags access = new AccessFlags();

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

  private CollectorOptions options() {
    try {
      return CollectorOptions.builder()
          .host(host)
          .port(port)
          .linger(Duration.ofSeconds(linger))
          .data(data)
          .access(access.options())
          .engine(EngineOptions.ofService(data.resolve("engine"))::load)
          .build();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
