package dev.latentgauge.examples.stitching.monitor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.latentgauge.examples.stitching.Member;
import dev.latentgauge.examples.stitching.Network;
import dev.latentgauge.examples.stitching.Representation;
import dev.latentgauge.examples.stitching.Settings;
import dev.latentgauge.examples.stitching.images.Architecture;
import dev.latentgauge.examples.stitching.images.ImageTraining;
import dev.latentgauge.relative.Gauge;
import dev.latentgauge.relative.Profile;
import dev.latentgauge.relative.Score;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Whether the score between two trainings predicts what is lost by stitching them. */
@Command(
    name = "monitor",
    mixinStandardHelpOptions = true,
    description = {
      "Classifiers of Fashion-MNIST at several steps of their training: does the score between two"
          + " say how well the head of the one does behind the encoder of the other?",
      "Takes about half an hour on one core."
    })
public final class Monitor implements Callable<Integer> {

  /** At which shares of the training it is looked. */
  private static final List<Double> SHARES = List.of(0.01, 0.03, 0.1, 0.3, 1.0);

  private static final int PROBES = 512;
  private static final int TESTED = 4_000;

  @Mixin private Settings settings = new Settings();

  /** Made by picocli. */
  public Monitor() {}

  @Override
  public Integer call() throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      ImageTraining all = ImageTraining.of(settings, manager);
      int count = settings.scaled(PROBES, 60);
      ImageTraining training = all.testedOn(count, count + TESTED);
      List<Checkpoint> checkpoints = train(training, all.firstTested(count), manager);
      List<Pair> pairs = pairs(checkpoints, training);
      new MonitorReport(pairs, settings).write();
    }
    return 0;
  }

  private List<Checkpoint> train(ImageTraining training, NDArray probes, NDManager manager)
      throws IOException {
    Set<Integer> looked = steps(training.steps());
    List<Checkpoint> checkpoints = new ArrayList<>();
    for (Architecture architecture : Architecture.values()) {
      for (int seed : settings.seeds()) {
        System.out.printf("%s, seed %d%n", architecture, seed);
        Member member = new Member(architecture.name(), seed);
        Network.Observer observer =
            (step, network) -> {
              if (looked.contains(step)) {
                checkpoints.add(Checkpoint.of(member, step, network, training, probes, manager));
              }
            };
        training.train(architecture, Representation.RELATIVE, seed, observer).close();
      }
    }
    return checkpoints;
  }

  static Set<Integer> steps(int all) {
    return new TreeSet<>(SHARES.stream().map(share -> (int) Math.ceil(share * all)).toList());
  }

  /** Every encoder with every head of another training, at all steps of both. */
  private static List<Pair> pairs(List<Checkpoint> checkpoints, ImageTraining training) {
    double[] own = checkpoints.stream().mapToDouble(c -> c.accuracyUnder(c, training)).toArray();
    List<Pair> pairs = new ArrayList<>();
    for (int head = 0; head < own.length; head++) {
      Checkpoint to = checkpoints.get(head);
      try (Comparison comparison = new Comparison(to.relative())) {
        for (int encoder = 0; encoder < own.length; encoder++) {
          Checkpoint from = checkpoints.get(encoder);
          if (!from.training().equals(to.training())) {
            pairs.add(
                new Pair(
                    from.training(),
                    from.step(),
                    to.training(),
                    to.step(),
                    comparison.score(from.relative()),
                    comparison.cosine(from.relative()),
                    own[encoder],
                    own[head],
                    from.accuracyUnder(to, training)));
          }
        }
      }
    }
    return pairs;
  }

  /** How far other descriptions agree with one. */
  private static final class Comparison implements AutoCloseable {

    private final NDManager manager;
    private final Gauge score;
    private final Gauge cosine;

    Comparison(NDArray reference) {
      manager = reference.getManager().newSubManager();
      NDArray copy = reference.duplicate();
      copy.attach(manager);
      score = Gauge.of(copy, Profile.defaultProfile());
      cosine = Gauge.of(copy, new Profile.Cosine());
    }

    double score(NDArray relative) {
      return score.measure(relative).outcome() instanceof Score found ? found.value() : 0;
    }

    double cosine(NDArray relative) {
      return cosine.measure(relative).outcome() instanceof Score found ? found.similarity() : 0;
    }

    @Override
    public void close() {
      score.close();
      cosine.close();
      manager.close();
    }
  }
}
