package dev.latentgauge.cli;

import dev.latentgauge.collector.access.Scope;
import dev.latentgauge.collector.access.Secret;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes a token. */
@Command(
    name = "create",
    description =
        "Makes a token and prints it, this once: only its hash is kept. From then on the collector"
            + " lets nobody in without one.",
    footer = {
      "",
      "Example:",
      "  (umask 077; latentgauge token create --name fleet --scope write > fleet.token)"
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    versionProvider = Main.VersionProvider.class)
final class TokenCreate implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private TokenPlace place = new TokenPlace();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      required = true,
      description = "What to call it in lists.")
  private String name = "";

  @Option(
      names = "--scope",
      paramLabel = "SCOPE",
      required = true,
      split = ",",
      description = "What it allows: read, write, admin, or several with commas.")
  private List<String> scopes = List.of();

  @Option(
      names = "--expires",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "How long it is good, such as 90d; unless set, until it is revoked.")
  private @Nullable Duration life;

  private final InstantSource clock = Clock.systemUTC();

  @Override
  public Integer call() throws IOException {
    Secret secret = secret();
    spec.commandLine().getOut().println(secret.reveal());
    spec.commandLine()
        .getErr()
        .println("the token is not shown again; it is in force in " + place.file());
    return 0;
  }

  private Secret secret() throws IOException {
    try {
      return place
          .file()
          .create(
              name,
              scopes(),
              Optional.ofNullable(life),
              clock.instant().truncatedTo(ChronoUnit.SECONDS));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private Set<Scope> scopes() {
    Set<Scope> parsed = EnumSet.noneOf(Scope.class);
    scopes.forEach(scope -> parsed.add(Scope.parse(scope.strip())));
    return parsed;
  }
}
