package dev.latentgauge.examples.stitching.latents;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.latentgauge.examples.data.FashionMnist;
import dev.latentgauge.examples.data.LabelledImages;
import dev.latentgauge.examples.stitching.Member;
import dev.latentgauge.examples.stitching.Network;
import dev.latentgauge.examples.stitching.Result;
import dev.latentgauge.examples.stitching.Results;
import dev.latentgauge.examples.stitching.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Trains one autoencoder several times and shows its latent spaces side by side. */
@Command(
    name = "latents",
    mixinStandardHelpOptions = true,
    description =
        "Shows the same images in the latent spaces of several trainings of one autoencoder,"
            + " absolute and relative, and says how far these agree.")
public final class Latents implements Callable<Integer> {

  private static final List<Integer> DIMENSIONS = List.of(2, 32);
  private static final int PIXELS = 28 * 28;
  private static final int ANCHORS = 64;
  private static final int SHOWN = 500;

  @Mixin private Settings settings = new Settings();

  /** Made by the command line. */
  public Latents() {}

  @Override
  public Integer call() throws IOException {
    FashionMnist data = settings.images();
    LabelledImages train = data.train().rows(0, settings.scaled(60_000, 500));
    LabelledImages test = data.test().rows(0, settings.scaled(10_000, 200));
    int shown = Math.min(SHOWN, test.size());
    int steps = settings.scaled(2_000, 20);
    List<Result> results = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager()) {
      for (int dimensions : DIMENSIONS) {
        List<LatentSpace> spaces = spaces(new Autoencoder(dimensions, steps), train, test, manager);
        results.addAll(Agreement.of(spaces).all());
        new LatentFigure(spaces, test, shown)
            .picture()
            .writeSvg(settings.file(LatentReport.figure(dimensions)));
      }
    }
    Results all = new Results(results);
    LatentReport.Setup setup =
        new LatentReport.Setup(train.size(), test.size(), ANCHORS, shown, steps);
    all.write(settings.file("latents.csv"));
    String report =
        new LatentReport(all, DIMENSIONS, setup).document(settings.provenance("latents"));
    Files.writeString(settings.file("latents.md"), report);
    return 0;
  }

  private List<LatentSpace> spaces(
      Autoencoder autoencoder, LabelledImages train, LabelledImages test, NDManager manager)
      throws IOException {
    List<LatentSpace> spaces = new ArrayList<>();
    NDArray probes = pixels(test, manager);
    try (NDManager scratch = manager.newSubManager()) {
      NDArray images = pixels(train, scratch);
      NDArray anchors = pixels(train.rows(0, ANCHORS), manager);
      for (int seed : settings.seeds()) {
        Member member = new Member(kind(autoencoder.dimensions()), seed);
        try (Network network = autoencoder.train(seed, images)) {
          spaces.add(LatentSpace.of(member, network, anchors, probes));
        }
        System.out.println("latents: trained " + member.kind() + ", seed " + seed);
      }
    }
    return spaces;
  }

  /** What trainings with as many dimensions are called in tables. */
  static String kind(int dimensions) {
    return dimensions + " dimensions";
  }

  private static NDArray pixels(LabelledImages images, NDManager manager) {
    return images.brightness(manager).reshape(images.size(), PIXELS);
  }
}
