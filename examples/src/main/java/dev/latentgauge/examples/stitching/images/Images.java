package dev.latentgauge.examples.stitching.images;

import ai.djl.ndarray.NDManager;
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

/** Classifiers of images whose heads are put behind the encoders of other trainings. */
@Command(
    name = "images",
    mixinStandardHelpOptions = true,
    description = {
      "Classifiers of Fashion-MNIST by convolutions, a perceptron and a vision transformer: the"
          + " accuracy of every head behind every encoder.",
      "Takes about an hour on one core."
    })
public final class Images implements Callable<Integer> {

  static final String ACCURACY = "accuracy";

  @Mixin private Settings settings = new Settings();

  /** Made by picocli. */
  public Images() {}

  @Override
  public Integer call() throws IOException {
    List<Result> results = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager()) {
      ImageTraining training = ImageTraining.of(settings, manager);
      for (Representation representation : Representation.values()) {
        try (Ensemble ensemble = train(training, representation)) {
          results.addAll(
              ensemble.judge(
                  representation,
                  ACCURACY,
                  training.anchors(),
                  training.test(),
                  training::accuracy));
        }
      }
    }
    new ImagesReport(new Results(results), settings).write();
    return 0;
  }

  private Ensemble train(ImageTraining training, Representation representation) throws IOException {
    Ensemble ensemble = new Ensemble();
    for (Architecture architecture : Architecture.values()) {
      for (int seed : settings.seeds()) {
        System.out.printf("%s, %s, seed %d%n", architecture, representation.title(), seed);
        ensemble.add(
            new Member(architecture.name(), seed),
            training.train(architecture, representation, seed, Network.Observer.NONE));
      }
    }
    return ensemble;
  }
}
