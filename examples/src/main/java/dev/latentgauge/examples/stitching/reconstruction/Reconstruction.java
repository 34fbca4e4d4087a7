package dev.latentgauge.examples.stitching.reconstruction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.latentgauge.examples.data.FashionMnist;
import dev.latentgauge.examples.stitching.Ensemble;
import dev.latentgauge.examples.stitching.Member;
import dev.latentgauge.examples.stitching.Network;
import dev.latentgauge.examples.stitching.Representation;
import dev.latentgauge.examples.stitching.Result;
import dev.latentgauge.examples.stitching.Results;
import dev.latentgauge.examples.stitching.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Autoencoders whose decoders are put behind the encoders of other trainings. */
@Command(
    name = "reconstruction",
    mixinStandardHelpOptions = true,
    description = {
      "Autoencoders and variational autoencoders of Fashion-MNIST, 500 anchors: the error of every"
          + " decoder behind every encoder.",
      "Takes about two hours on one core."
    })
public final class Reconstruction implements Callable<Integer> {

  static final int STEPS = 3_000;
  static final int BATCH = 128;
  static final float LEARNING_RATE = 3e-3f;
  private static final int SHOWN_IMAGES = 10;

  @Mixin private Settings settings = new Settings();

  /** Made by picocli. */
  public Reconstruction() {}

  @Override
  public Integer call() throws IOException {
    FashionMnist images = settings.images();
    List<Result> results = new ArrayList<>();
    Gallery gallery = new Gallery(SHOWN_IMAGES);
    try (NDManager manager = NDManager.newBaseManager()) {
      Pixels pixels = Pixels.of(images, settings, manager);
      for (Autoencoder kind : Autoencoder.values()) {
        for (Representation representation : Representation.values()) {
          try (Ensemble ensemble = train(kind, representation, pixels)) {
            results.addAll(
                ensemble.judge(
                    representation,
                    kind.id(),
                    pixels.anchors(),
                    pixels.test(),
                    reconstructed -> error(reconstructed, pixels.test())));
            gallery.add(kind, representation, ensemble, pixels.test());
          }
        }
      }
    }
    new ReconstructionReport(new Results(results), gallery, settings).write();
    return 0;
  }

  private Ensemble train(Autoencoder kind, Representation representation, Pixels pixels)
      throws IOException {
    Ensemble ensemble = new Ensemble();
    int steps = settings.scaled(STEPS, 3);
    for (int seed : settings.seeds()) {
      System.out.printf("%s, %s, seed %d%n", kind.title(), representation.title(), seed);
      ensemble.add(
          new Member(kind.id(), seed),
          Network.train(
              new Network.Recipe(
                  kind.loss(), Network.adam(LEARNING_RATE, steps), BATCH, steps, seed),
              manager -> parts(kind, representation, pixels.anchors(), manager),
              pixels.train(),
              pixels.train(),
              Network.Observer.NONE));
    }
    return ensemble;
  }

  private static Network.Parts parts(
      Autoencoder kind, Representation representation, NDArray anchors, NDManager manager) {
    Block encoder = kind.encoder();
    return new Network.Parts(
        encoder, representation.layer(encoder, new NDList(anchors), manager), kind.decoder());
  }

  /** The mean squared error of pixels, times 1,000 as in the paper. */
  private static double error(NDArray images, NDArray test) {
    return 1000 * images.sub(test).square().mean().getFloat();
  }
}
