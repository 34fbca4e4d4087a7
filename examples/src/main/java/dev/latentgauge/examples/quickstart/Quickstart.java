package dev.latentgauge.examples.quickstart;

import dev.latentgauge.examples.chart.Picture;
import dev.latentgauge.examples.chart.ScoreChart;
import dev.latentgauge.examples.data.DataException;
import dev.latentgauge.examples.data.FashionMnist;
import dev.latentgauge.examples.fashion.ImagesOption;
import dev.latentgauge.examples.fashion.Plan;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains a reference and runs of different quality on Fashion-MNIST, and compares. */
@Command(
    name = "quickstart",
    mixinStandardHelpOptions = true,
    description =
        "Trains a reference and eight monitored runs of different quality on Fashion-MNIST, and"
            + " shows how their scores compare with their true accuracy.")
public final class Quickstart implements Callable<Integer> {

  private static final String REFERENCE = "reference.safetensors";

  @Mixin private ImagesOption data = new ImagesOption();

  @Option(
      names = "--collector",
      paramLabel = "URL",
      description = "Address of a collector to report to; none if not given.")
  private @Nullable URI collector;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      defaultValue = "latentgauge-quickstart",
      description = "Folder for the picture and the reference (default: ${DEFAULT-VALUE}).")
  private Path output = Path.of("latentgauge-quickstart");

  @Option(names = "--quick", description = "A twentieth of the training: a smoke run.")
  private boolean quick;

  private Quickstart() {}

  /**
   * Runs the quickstart.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Quickstart()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    FashionMnist images;
    try {
      images = data.images();
    } catch (DataException e) {
      System.err.println(e.getMessage());
      return 1;
    }
    Experiment experiment = new Experiment(images, Optional.ofNullable(collector));
    List<RunResult> results = new ArrayList<>();
    Files.createDirectories(output);
    try (ProbeSet probes = experiment.probes();
        Reference reference = experiment.reference(planned(Plans.reference()), probes)) {
      reference.save(output.resolve(REFERENCE));
      for (Plan plan : Plans.runs()) {
        results.add(experiment.run(planned(plan), reference));
      }
    }
    System.out.println();
    System.out.println(ResultTable.of(results));
    draw(results);
    return 0;
  }

  private void draw(List<RunResult> results) throws IOException {
    Path svg = output.resolve("quickstart.svg");
    Path png = output.resolve("quickstart.png");
    ScoreChart chart =
        new ScoreChart(
            "How good is the representation? No label was asked.",
            "Fashion-MNIST: eight trainings against one reference, 128 anchors and 512 probes that"
                + " no run trains on",
            results.stream().map(RunResult::curve).toList());
    Picture picture = chart.picture();
    picture.writeSvg(svg);
    picture.writePng(png);
    System.out.println("picture:   " + svg + " and " + png.getFileName());
    System.out.println("reference: " + output.resolve(REFERENCE));
  }

  private Plan planned(Plan plan) {
    return quick ? plan.shortened() : plan;
  }
}
