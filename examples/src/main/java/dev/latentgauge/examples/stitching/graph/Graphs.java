package dev.latentgauge.examples.stitching.graph;

import dev.latentgauge.examples.data.Cora;
import dev.latentgauge.examples.stitching.Representation;
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

/** Heads of graph networks behind the encoders of others, on Cora. */
@Command(
    name = "graph",
    mixinStandardHelpOptions = true,
    description =
        "Topics of papers by graph networks of three architectures: every encoder with every head.")
public final class Graphs implements Callable<Integer> {

  @Mixin private Settings settings = new Settings();

  @Override
  public Integer call() throws IOException {
    Optional<Path> folder = settings.data("cora");
    write(folder.isPresent() ? Cora.load(folder.get()) : Cora.find());
    return 0;
  }

  /** Trains on some papers, stitches, and writes what was found. */
  void write(Cora cora) throws IOException {
    Plan plan = Plan.of(settings);
    Split split = Split.of(cora.topics(), plan.anchors());
    Results results = stitch(cora, plan, split);
    results.write(settings.file("graph.csv"));
    GraphReport report = new GraphReport(plan, split, results);
    report.figure().picture().writeSvg(settings.file("graph.svg"));
    Files.writeString(settings.file("graph.md"), report.text(settings.provenance("graph")));
  }

  private static Results stitch(Cora cora, Plan plan, Split split) {
    NodeStitching stitching = new NodeStitching(split);
    List<Result> results = new ArrayList<>();
    for (Representation representation : Representation.values()) {
      try (CoraTrainings trainings = new CoraTrainings(cora, plan, split)) {
        List<Trained> trained = new ArrayList<>();
        for (Architecture architecture : Architecture.values()) {
          for (int seed : plan.seeds()) {
            trained.add(trainings.train(representation, architecture, seed));
          }
        }
        results.addAll(stitching.results(representation, trained));
        if (representation == Representation.ABSOLUTE) {
          results.addAll(stitching.translated(trained));
        }
      }
    }
    return new Results(results);
  }
}
