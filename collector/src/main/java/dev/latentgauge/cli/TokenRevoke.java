package dev.latentgauge.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes a token out of force. */
@Command(
    name = "revoke",
    description =
        "Takes a token out of force, with the sessions that were opened by it. A collector whose"
            + " last token is revoked lets nobody in.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    versionProvider = Main.VersionProvider.class)
final class TokenRevoke implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private TokenPlace place = new TokenPlace();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      required = true,
      description = "What it is called in the list.")
  private String name = "";

  @Override
  public Integer call() throws IOException {
    if (!place.file().revoke(name)) {
      throw new IOException("no token is named \"" + name + "\" in " + place.file());
    }
    spec.commandLine().getErr().println(name + " is revoked in " + place.file());
    return 0;
  }
}
