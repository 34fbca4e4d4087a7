package dev.latentgauge.cli;

import com.google.gson.GsonBuilder;
import dev.latentgauge.collector.reference.ReferenceDocument;
import dev.latentgauge.reference.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what a reference file contains. */
@Command(
    name = "show",
    description = "Shows what a reference was made from, and the ends of its scale.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionProvider.class)
final class ReferenceShow implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private EngineOptions engine = new EngineOptions();

  @Parameters(index = "0", paramLabel = "REFERENCE", description = "A file that was made for it.")
  private Path file = Path.of("");

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    engine.load();
    try (Reference reference = Reference.load(file)) {
      spec.commandLine()
          .getOut()
          .println(
              json
                  ? new GsonBuilder()
                      .setPrettyPrinting()
                      .create()
                      .toJson(ReferenceDocument.of(reference))
                  : new ReferenceText(file, reference).text());
      return 0;
    }
  }
}
