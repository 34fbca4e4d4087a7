package dev.latentgauge.cli;

import dev.latentgauge.collector.access.Scope;
import dev.latentgauge.collector.access.TokenSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists tokens. */
@Command(
    name = "list",
    description = "Lists the tokens by name, with what they allow and until when.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    versionProvider = Main.VersionProvider.class)
final class TokenList implements Callable<Integer> {

  private static final String LINE = "%-24s  %-18s  %-20s  %s%n";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private TokenPlace place = new TokenPlace();

  private final InstantSource clock = Clock.systemUTC();

  @Override
  public Integer call() throws IOException {
    List<TokenSummary> tokens = place.file().list();
    PrintWriter out = spec.commandLine().getOut();
    out.printf(LINE, "name", "scopes", "created", "expires");
    tokens.forEach(token -> print(token, out));
    return 0;
  }

  private void print(TokenSummary token, PrintWriter out) {
    out.printf(
        LINE,
        token.name(),
        token.scopes().stream().sorted().map(Scope::text).collect(Collectors.joining(",")),
        token.createdAt(),
        token.expiresAt().map(this::end).orElse("never"));
  }

  private String end(Instant end) {
    return end + (end.isAfter(clock.instant()) ? "" : " (has expired)");
  }
}
