package dev.latentgauge.examples.stitching.text;

import dev.latentgauge.examples.data.Trec;
import dev.latentgauge.examples.stitching.Representation;
import dev.latentgauge.examples.stitching.Result;
import dev.latentgauge.examples.stitching.Results;
import dev.latentgauge.examples.stitching.Settings;
import dev.latentgauge.examples.stitching.text.Questions.Part;
import dev.latentgauge.examples.study.task.text.EmbeddingCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Heads that were trained on the embeddings of one sentence encoder work on those of another. */
@Command(
    name = "text",
    mixinStandardHelpOptions = true,
    description =
        "Heads learn to tell kinds of questions apart from the embeddings of one sentence encoder,"
            + " and are tried on those of another. A seed draws anchors, weights and order.")
public final class Text implements Callable<Integer> {

  /** As many as are enough to see which number of anchors is best. */
  static final int SELECTION_SEEDS = 2;

  private static final int SMOKE_TRAINING = 320;
  private static final int SMOKE_TEST = 60;

  @Mixin private Settings settings = new Settings();

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Folder for sentence embeddings (default: ${DEFAULT-VALUE}).")
  private Path cache = Path.of("examples/target/stitching/embeddings");

  /** Made by picocli. */
  public Text() {}

  @Override
  public Integer call() throws IOException {
    int held = settings.scaled(500, 60);
    try (Questions questions = new Questions(data(), held, new EmbeddingCache(cache))) {
      Map<Integer, Results> validation = validation(questions);
      int anchors = best(validation);
      List<Representation> all = List.of(Representation.values());
      Results test = results(questions, anchors, Part.TEST, all, settings.seeds());
      test.write(settings.file("text.csv"));
      TextReport report =
          new TextReport(questions, new Trial.Plan(anchors, epochs()), validation, test);
      report.chart().picture().writeSvg(settings.file("text.svg"));
      Files.writeString(
          settings.file("text.md"), report.document(settings.provenance("text")).toString());
    }
    return 0;
  }

  /** What comes of each number of anchors, on questions that are not the test's. */
  private Map<Integer, Results> validation(Questions questions) throws IOException {
    Map<Integer, Results> validation = new LinkedHashMap<>();
    List<Representation> centred = List.of(Representation.CENTRED);
    List<Integer> seeds = settings.seeds().subList(0, SELECTION_SEEDS);
    for (int anchors : settings.isSmoke() ? List.of(16, 32) : List.of(384, 768, 1024)) {
      validation.put(anchors, results(questions, anchors, Part.VALIDATION, centred, seeds));
    }
    return validation;
  }

  /** That number of anchors with which heads do best behind the other encoder. */
  private static int best(Map<Integer, Results> validation) {
    return Collections.max(
        validation.keySet(),
        Comparator.comparingDouble(anchors -> TextReport.stitched(validation, anchors).mean()));
  }

  private int epochs() {
    return settings.scaled(5, 20);
  }

  private Trec data() throws IOException {
    Optional<Path> folder = settings.data("trec");
    Trec all = folder.isPresent() ? Trec.load(folder.get()) : Trec.find();
    return settings.isSmoke()
        ? new Trec(all.train().subList(0, SMOKE_TRAINING), all.test().subList(0, SMOKE_TEST))
        : all;
  }

  private Results results(
      Questions questions,
      int anchors,
      Part part,
      List<Representation> representations,
      List<Integer> seeds) {
    List<Result> results = new ArrayList<>();
    for (int seed : seeds) {
      try (Trial trial = new Trial(questions, new Trial.Plan(anchors, epochs()), seed)) {
        for (Representation representation : representations) {
          results.addAll(trial.results(representation, part));
        }
      }
    }
    return new Results(results);
  }
}
