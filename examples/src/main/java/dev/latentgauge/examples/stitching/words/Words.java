package dev.latentgauge.examples.stitching.words;

import ai.djl.ndarray.NDManager;
import dev.latentgauge.examples.data.WordSpaces;
import dev.latentgauge.examples.stitching.Result;
import dev.latentgauge.examples.stitching.Results;
import dev.latentgauge.examples.stitching.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Words look for themselves and for their neighbours in the space of another model. */
@Command(
    name = "words",
    mixinStandardHelpOptions = true,
    description =
        "Words as fastText embeds them look for themselves and for their neighbours among words as"
            + " word2vec embeds them, and the other way round. A seed draws the anchors.")
public final class Words implements Callable<Integer> {

  /** As in the paper. */
  static final int ANCHORS = 300;

  @Mixin private Settings settings = new Settings();

  /** Made by picocli. */
  public Words() {}

  @Override
  public Integer call() throws IOException {
    Optional<Path> folder = settings.data("words");
    WordSpaces spaces = folder.isPresent() ? WordSpaces.load(folder.get()) : WordSpaces.find();
    int others = spaces.words().size() - ANCHORS;
    if (others < 2 * Retrieval.NEAREST) {
      throw new IOException(
          "words need %d anchors and at least %d others, but there are %d words"
              .formatted(ANCHORS, 2 * Retrieval.NEAREST, spaces.words().size()));
    }
    List<Result> results = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager()) {
      for (int seed : settings.seeds()) {
        results.addAll(new AnchorDraw(spaces, seed).results(manager));
      }
    }
    Results all = new Results(results);
    all.write(settings.file("words.csv"));
    WordsReport report = new WordsReport(all, spaces.words().size());
    report.chart().picture().writeSvg(settings.file("words.svg"));
    Files.writeString(
        settings.file("words.md"), report.document(settings.provenance("words")).toString());
    return 0;
  }
}
