package dev.latentgauge.cli;

import dev.latentgauge.delivery.CollectorClient;
import dev.latentgauge.delivery.Replay;
import dev.latentgauge.observation.RunInfo;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Delivers what trainings could not. */
@Command(
    name = "replay",
    description = {
      "Delivers the reports that DJL trainings left in DIR because their collector was away, of all"
          + " runs, each to the collector that it was meant for. A collector takes each report once,"
          + " however often it comes.",
      "",
      "Files of processes that still live are skipped. What the collector refuses as a whole, since"
          + " another training has the run's name and attempt, stays: deliver it to another collector"
          + " by --to, or delete its file."
    },
    footer = {
      "",
      "Examples:",
      "  latentgauge replay latentgauge-spool",
      "  latentgauge replay latentgauge-spool --run lr-0.01 --to http://127.0.0.1:9475"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all that waited in DIR is delivered",
      "1:something is left, or the collector has refused it for good, and the output says why",
      "2:the command was not understood"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionProvider.class)
final class ReplayCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "DIR",
      description = "The folder of a spool, such as latentgauge-spool.")
  private Path folder = Path.of("");

  @Option(
      names = "--to",
      paramLabel = "URL",
      converter = AddressConverter.class,
      description = "Delivers to this collector, whichever one the reports were meant for.")
  private @Nullable URI to;

  @Option(
      names = "--run",
      paramLabel = "NAME",
      description = "Delivers the reports of this run alone.")
  private @Nullable String run;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "Sends the token in FILE; unless set, that in LATENTGAUGE_TOKEN or in the file that"
              + " LATENTGAUGE_TOKEN_FILE names, if there is one.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--trust",
      paramLabel = "PEM",
      description = "Trusts the certificates in this file in place of those that Java trusts.")
  private @Nullable Path trust;

  @Option(
      names = "--allow-token-over-http",
      description =
          "Sends the token over plain http to another machine too, where others may read it.")
  private boolean allowTokenOverHttp;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "How long to try, such as 90s or 10m; unless set, 30s.")
  private Duration timeout = Duration.ofSeconds(30);

  @Override
  public Integer call() throws IOException {
    requireTokenFile();
    Replay replay = new Replay(folder, address -> settings(address).build());
    if (to != null) {
      requireNoMistakes(settings(to));
      replay.to(to);
    }
    if (run != null) {
      replay.onlyRun(run);
    }
    List<Replay.Result> results = new ArrayList<>();
    Timer alarm = new Timer("timeout", true);
    try {
      alarm.schedule(
          new TimerTask() {
            @Override
            public void run() {
              replay.stop();
            }
          },
          timeout.toMillis());
      replay.deliver(
          result -> {
            results.add(result);
            print(line(result));
          });
    } finally {
      alarm.cancel();
    }
    if (results.isEmpty()) {
      print(run == null ? "nothing waits in " + folder : nothingOf(run));
    }
    return results.stream().anyMatch(result -> result.isLeft() || result.givenUp() > 0) ? 1 : 0;
  }

  /** A name that was mistyped looks like a run without reports. */
  private String nothingOf(String name) throws IOException {
    List<String> others = Replay.runs(folder);
    return "nothing of run "
        + name
        + " waits in "
        + folder
        + (others.isEmpty() ? "" : ", but files of " + String.join(", ", others));
  }

  private CollectorClient.Builder settings(URI address) {
    CollectorClient.Builder builder = CollectorClient.builder(address);
    if (tokenFile != null) {
      builder.tokenFile(tokenFile);
    }
    if (trust != null) {
      builder.trust(trust);
    }
    return allowTokenOverHttp ? builder.allowTokenOverHttp() : builder;
  }

  private void requireNoMistakes(CollectorClient.Builder settings) {
    List<String> mistakes = settings.mistakes();
    if (!mistakes.isEmpty()) {
      throw new ParameterException(spec.commandLine(), String.join("; ", mistakes));
    }
  }

  private void requireTokenFile() {
    if (tokenFile != null && !Files.isReadable(tokenFile)) {
      throw new ParameterException(
          spec.commandLine(), "--token-file must be a file that can be read, but is " + tokenFile);
    }
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  private static String line(Replay.Result result) {
    if (result.run().isEmpty()) {
      return "skipped: " + result.why();
    }
    RunInfo run = result.run().get();
    StringBuilder line =
        new StringBuilder("run ")
            .append(run.name())
            .append(", attempt ")
            .append(run.attempt())
            .append(": ")
            .append(result.delivered())
            .append(" delivered");
    if (result.givenUp() > 0) {
      line.append(", ").append(result.givenUp()).append(" given up");
    }
    if (result.isLeft()) {
      line.append(", ").append(result.waiting()).append(" still waiting: ").append(result.why());
    }
    return line.toString();
  }
}
