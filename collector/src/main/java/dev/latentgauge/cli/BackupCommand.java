package dev.latentgauge.cli;

import dev.latentgauge.collector.Backup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Copies the data of a collector. */
@Command(
    name = "backup",
    description = {
      "Copies the data of a collector, which may be running, to a new folder TARGET: the history as it"
          + " is at one moment, the references, and the file of tokens. To go back to it, start the collector with"
          + " --data TARGET, or with a copy of that.",
      "",
      "A history that is kept in PostgreSQL is backed up by pg_dump."
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    versionProvider = Main.VersionProvider.class)
final class BackupCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "TARGET",
      description = "The folder to make; it must not exist.")
  private Path target = Path.of("");

  @Mixin private DataPlace data = new DataPlace();

  @Override
  public Integer call() throws IOException {
    Backup.Copied copied = Backup.copy(data.folder(), target);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s: %s, %d references, %.1f MB%n",
        target,
        copied.history() ? "the history" : "no history (is it in PostgreSQL?)",
        copied.references(),
        copied.bytes() / 1e6);
    out.flush();
    return 0;
  }
}
