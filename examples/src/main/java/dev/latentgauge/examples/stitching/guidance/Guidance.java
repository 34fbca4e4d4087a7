package dev.latentgauge.examples.stitching.guidance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.latentgauge.examples.stitching.Ensemble;
import dev.latentgauge.examples.stitching.Member;
import dev.latentgauge.examples.stitching.Network;
import dev.latentgauge.examples.stitching.Numbers;
import dev.latentgauge.examples.stitching.Representation;
import dev.latentgauge.examples.stitching.Result;
import dev.latentgauge.examples.stitching.Results;
import dev.latentgauge.examples.stitching.Settings;
import dev.latentgauge.examples.stitching.images.Architecture;
import dev.latentgauge.examples.stitching.images.ImageTraining;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.reference.RelativeSimilarityLoss;
import dev.latentgauge.relative.Gauge;
import dev.latentgauge.relative.Outcome;
import dev.latentgauge.relative.Profile;
import dev.latentgauge.relative.RelativeRepresentation;
import dev.latentgauge.relative.Score;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Networks that are also trained to agree with a reference, and their parts put together. */
@Command(
    name = "guidance",
    mixinStandardHelpOptions = true,
    description = {
      "Perceptrons on Fashion-MNIST, by their labels alone and also towards a reference: own"
          + " accuracy, and that of stitched pairs.",
      "Takes about a quarter of an hour on one core."
    })
public final class Guidance implements Callable<Integer> {

  static final List<Double> WEIGHTS = List.of(0.0, 1.0);
  static final Architecture GUIDED = Architecture.MLP;
  static final Architecture GUIDING = Architecture.CNN;

  static final String ACCURACY = "accuracy";
  static final String SCORE = "score";

  static final String TO_REFERENCE = "behind the reference's head";
  static final String FROM_REFERENCE = "behind the reference's encoder";

  private static final int REFERENCE_SEED = 100;
  private static final int PROBES = 512;

  @Mixin private Settings settings = new Settings();

  /** Made by picocli. */
  public Guidance() {}

  @Override
  public Integer call() throws IOException {
    List<Result> results = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager()) {
      ImageTraining all = ImageTraining.of(settings, manager);
      int count = settings.scaled(PROBES, 60);
      ImageTraining training = all.testedOn(count, Long.MAX_VALUE);
      Halves probes = Halves.of(all.firstTested(count));
      System.out.println("the reference");
      try (Network good =
              training.train(
                  GUIDING, Representation.RELATIVE, REFERENCE_SEED, Network.Observer.NONE);
          ProbeSet guiding =
              ProbeSet.of(new NDList(training.anchors()), new NDList(probes.guiding()));
          Reference reference = good.reference("reference", guiding)) {
        for (double weight : WEIGHTS) {
          try (Ensemble ensemble = train(training, probes, reference, weight)) {
            results.addAll(judge(training, probes, good, ensemble, weight));
          }
        }
      }
    }
    new GuidanceReport(new Results(results), settings).write();
    return 0;
  }

  /**
   * Probes that the objective sees, and others that the score is measured by.
   *
   * @param guiding the first half
   * @param measuring the second half
   */
  private record Halves(NDArray guiding, NDArray measuring) {
    static Halves of(NDArray probes) {
      long half = probes.getShape().get(0) / 2;
      return new Halves(
          probes.get(new NDIndex("0:{}", half)), probes.get(new NDIndex("{}:", half)));
    }
  }

  private Ensemble train(ImageTraining training, Halves probes, Reference reference, double weight)
      throws IOException {
    Ensemble ensemble = new Ensemble();
    NDArray inputs = training.anchors().concat(probes.guiding());
    for (int seed : settings.seeds()) {
      System.out.printf("weight %s, seed %d%n", weight, seed);
      ensemble.add(
          new Member(GUIDED.name(), seed),
          training.train(
              GUIDED,
              Representation.RELATIVE,
              seed,
              weight > 0 ? towards(reference, inputs, weight) : Network.Objective.NONE,
              Network.Observer.NONE));
    }
    return ensemble;
  }

  private static Network.Objective towards(Reference reference, NDArray inputs, double weight) {
    RelativeSimilarityLoss loss =
        new RelativeSimilarityLoss(reference, inputs.getManager(), weight);
    return (encoder, scratch) -> {
      NDArray copy = inputs.duplicate();
      copy.attach(scratch);
      return Optional.of(loss.evaluate(new NDList(), new NDList(encoder.apply(copy))));
    };
  }

  private static List<Result> judge(
      ImageTraining training, Halves probes, Network reference, Ensemble ensemble, double weight) {
    String title = title(weight);
    List<Result> results =
        new ArrayList<>(ensemble.stitch(title, ACCURACY, training.test(), training::accuracy));
    NDManager manager = training.test().getManager();
    try (NDManager scratch = manager.newSubManager();
        Gauge gauge =
            Gauge.of(relative(reference, training, probes, scratch), Profile.defaultProfile())) {
      NDArray seenByReference = projected(reference, training, scratch);
      ensemble.forEach(
          (member, network) -> {
            NDArray relative = relative(network, training, probes, scratch);
            NDArray seen = projected(network, training, scratch);
            results.add(result(title, member, SCORE, value(gauge.measure(relative).outcome())));
            results.add(
                result(title, member, TO_REFERENCE, training.accuracy(reference.answer(seen))));
            results.add(
                result(
                    title,
                    member,
                    FROM_REFERENCE,
                    training.accuracy(network.answer(seenByReference))));
          });
    }
    return results;
  }

  static String title(double weight) {
    return "weight " + Numbers.plain(weight);
  }

  private static Result result(String title, Member member, String measure, double value) {
    return new Result(title, member, member, measure, value);
  }

  private static double value(Outcome outcome) {
    return outcome instanceof Score score ? score.value() : Double.NaN;
  }

  private static NDArray relative(
      Network network, ImageTraining training, Halves probes, NDManager scratch) {
    NDArray anchors = network.embed(Ensemble.view(training.anchors(), scratch));
    return RelativeRepresentation.of(
        anchors, network.embed(Ensemble.view(probes.measuring(), scratch)));
  }

  private static NDArray projected(Network network, ImageTraining training, NDManager scratch) {
    return network.project(network.embed(Ensemble.view(training.test(), scratch)));
  }
}
