package dev.latentgauge.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes, lists and revokes tokens. */
@Command(
    name = "token",
    description = {
      "Makes, lists and revokes the tokens that a collector lets in. A collector that runs follows"
          + " within seconds.",
      "",
      "Scopes:",
      "  read    all can be read: for Prometheus, dashboards and people",
      "  write   runs can be reported, references kept, and what that needs be read: for agents",
      "  admin   all of it, and runs and references can be deleted, trainings told to stop"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionProvider.class,
    subcommands = {TokenCreate.class, TokenList.class, TokenRevoke.class})
final class TokenCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing: token create, token list or token revoke");
  }
}
