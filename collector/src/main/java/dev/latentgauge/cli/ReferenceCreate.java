package dev.latentgauge.cli;

import dev.latentgauge.reference.EmbeddingFile;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.reference.ReferenceBuilder;
import dev.latentgauge.reference.ReferenceSource;
import dev.latentgauge.relative.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes a reference from embeddings. */
@Command(
    name = "create",
    description = {
      "Makes a reference from the embeddings of a good model, and writes it to a file.",
      "",
      "Embeddings are safetensors files of floating-point arrays @|bold anchors|@ (k x d) and"
          + " @|bold probes|@ (n x d), with an optional array @|bold predictions|@ of n integers;"
          + " metadata @|bold model|@, @|bold layer|@ and @|bold probes|@ (what tells one choice of"
          + " inputs from another) are taken over. Choose the best model there is: a bad reference"
          + " gives a bad gauge.",
      "",
      "One file may have it all: @|bold floor.anchors|@, @|bold floor.probes|@,"
          + " @|bold ceiling.anchors|@ and @|bold ceiling.probes|@ in place of --floor and --ceiling,"
          + " and the inputs themselves, @|bold anchors.0|@ and @|bold probes.0|@ and so on, so that"
          + " a monitor can be attached with the reference alone."
    },
    footer = {
      "",
      "Example:",
      "  latentgauge reference create --from good.safetensors --name cnn-v1 \\",
      "      --floor untrained.safetensors --ceiling second-seed.safetensors"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the reference was written",
      "1:it could not be made or written, and standard error says why",
      "2:the command was not understood"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionProvider.class)
final class ReferenceCreate implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private EngineOptions engine = new EngineOptions();

  @Option(
      names = "--from",
      paramLabel = "EMBEDDINGS",
      required = true,
      description = "What the good model makes of anchors and probes.")
  private Path source = Path.of("");

  @Option(
      names = "--floor",
      paramLabel = "EMBEDDINGS",
      description = "What an untrained model makes of them: where the scale begins.")
  private @Nullable Path floor;

  @Option(
      names = "--ceiling",
      paramLabel = "EMBEDDINGS",
      description = "What a second good training makes of them: where the scale ends.")
  private @Nullable Path ceiling;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What the reference is called; unless set, the name of the embeddings' file.")
  private @Nullable String name;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "Where to write it; unless set, NAME.safetensors, or NAME.reference.safetensors"
              + " if that is the embeddings' own file.")
  private @Nullable Path output;

  @Option(names = "--force", description = "Replaces the file if it exists.")
  private boolean force;

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      converter = ProfileConverter.class,
      description =
          "How runs will be compared with it: " + Profile.SYNTAX + "; unless set, standardised.")
  private Profile profile = Profile.defaultProfile();

  @Option(names = "--model", paramLabel = "TEXT", description = "What the model is called.")
  private @Nullable String model;

  @Option(
      names = "--layer",
      paramLabel = "NAME",
      description = "Which layer this is the output of.")
  private @Nullable String layer;

  @Override
  public Integer call() throws IOException {
    engine.load();
    String chosen = name == null ? ReferenceSource.nameOf(source) : name;
    Path target = output == null ? target(chosen) : output;
    if (Files.exists(target) && !force) {
      throw new IOException(
          target + " exists already: choose another --output, or replace it by --force");
    }
    List<EmbeddingFile> opened = new ArrayList<>();
    try {
      ReferenceBuilder builder = Reference.builder(chosen, open(source, opened)).profile(profile);
      if (floor != null) {
        builder.floor(open(floor, opened));
      }
      if (ceiling != null) {
        builder.ceiling(open(ceiling, opened));
      }
      if (model != null) {
        builder.modelName(model);
      }
      if (layer != null) {
        builder.layerName(layer);
      }
      try (Reference reference = builder.build()) {
        reference.save(target);
      }
      try (Reference written = Reference.load(target)) {
        spec.commandLine().getOut().println(new ReferenceText(target, written).text());
      }
    } finally {
      for (EmbeddingFile file : opened) {
        file.close();
      }
    }
    return 0;
  }

  private Path target(String chosen) throws IOException {
    Path simple = Path.of(chosen + ".safetensors");
    boolean isSource = Files.exists(simple) && Files.isSameFile(simple, source);
    return isSource ? Path.of(chosen + ".reference.safetensors") : simple;
  }

  private static EmbeddingFile open(Path file, List<EmbeddingFile> opened) throws IOException {
    EmbeddingFile embeddings = EmbeddingFile.open(file);
    opened.add(embeddings);
    return embeddings;
  }
}
