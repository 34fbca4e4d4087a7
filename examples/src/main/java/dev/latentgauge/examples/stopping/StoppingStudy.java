package dev.latentgauge.examples.stopping;

import ai.djl.Model;
import dev.latentgauge.agent.Cadence;
import dev.latentgauge.agent.EarlyStopping;
import dev.latentgauge.agent.StopSignal;
import dev.latentgauge.agent.TrainingMonitor;
import dev.latentgauge.examples.data.DataException;
import dev.latentgauge.examples.data.FashionMnist;
import dev.latentgauge.examples.fashion.AccuracyListener;
import dev.latentgauge.examples.fashion.ImageTraining;
import dev.latentgauge.examples.fashion.ImagesOption;
import dev.latentgauge.examples.fashion.Networks;
import dev.latentgauge.examples.fashion.Plan;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.relative.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Stops trainings by the score alone, and shows what that saves and costs.
 *
 * <p>Every run is trained at its full length and tested after every epoch; its monitor raises a
 * signal where it would have stopped, which nobody looks at. So one training tells both what the
 * stop gives and what it forgoes.
 *
 * <p>{@code examples/stopping.sh} runs it.
 */
@Command(
    name = "stopping",
    mixinStandardHelpOptions = true,
    description =
        "Stops trainings on Fashion-MNIST by the score alone, and prints what that saves and costs.")
public final class StoppingStudy implements Callable<Integer> {

  @Mixin private ImagesOption data = new ImagesOption();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Trainings of each of three kinds (default: ${DEFAULT-VALUE}).")
  private int seeds = 5;

  @Option(
      names = "--first-seed",
      paramLabel = "N",
      defaultValue = "11",
      description = "The seed of the first training of a kind (default: ${DEFAULT-VALUE}).")
  private int firstSeed = 11;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "40",
      description = "Full length of each (default: ${DEFAULT-VALUE}).")
  private int epochs = 40;

  @Option(
      names = "--patience",
      paramLabel = "N",
      defaultValue = "8",
      description = "Epochs without an improvement (default: ${DEFAULT-VALUE}, as in the monitor).")
  private int patience = 8;

  @Option(
      names = "--curves",
      paramLabel = "FILE",
      description = "A CSV file for the score and the accuracy of every epoch, if wanted.")
  private @Nullable Path curves;

  private StoppingStudy() {}

  /**
   * Runs the example.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new StoppingStudy()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    if (seeds < 1 || epochs < 1 || patience < 1) {
      System.err.println("stopping: --seeds, --epochs and --patience must be at least 1");
      return CommandLine.ExitCode.USAGE;
    }
    FashionMnist images;
    try {
      images = data.images();
    } catch (DataException e) {
      System.err.println(e.getMessage());
      return 1;
    }
    ImageTraining training = new ImageTraining(images);
    List<StoppedRun> runs = new ArrayList<>();
    try (ProbeSet probes = training.probes();
        Model good = training.train(reference(), exception -> {});
        Reference reference = Reference.of("fashion-cnn", good, Networks.ENCODER, probes)) {
      System.out.print(StoppingTable.header());
      for (Kind kind : Kind.values()) {
        for (int seed = firstSeed; seed < firstSeed + seeds; seed++) {
          StoppedRun run = run(kind, seed, training, images, reference);
          System.out.print(StoppingTable.row(run));
          System.out.flush();
          runs.add(run);
          if (curves != null) {
            Files.writeString(curves, StoppingTable.curves(runs));
          }
        }
      }
    }
    System.out.print(StoppingTable.summary(runs));
    return 0;
  }

  private static Plan reference() {
    return Plan.good("reference", Plan.Network.CNN, 16, 1).withEpochs(5);
  }

  private StoppedRun run(
      Kind kind, int seed, ImageTraining training, FashionMnist images, Reference reference) {
    Plan plan = kind.plan(seed, epochs);
    int perEpoch = plan.steps() / epochs;
    StopSignal signal = StopSignal.create();
    SortedMap<Long, Double> scores = new ConcurrentSkipListMap<>();
    TrainingMonitor monitor =
        TrainingMonitor.builder(reference)
            .layer(Networks.ENCODER)
            .cadence(Cadence.everyBatches(perEpoch))
            .run(plan.run())
            .stopWhen(EarlyStopping.builder().patience(patience).build())
            .stopBy(signal)
            .reportTo((run, observations) -> observations.forEach(seen -> note(seen, scores)))
            .build();
    AccuracyListener accuracy = new AccuracyListener(images.test(), images.test().size(), perEpoch);
    training.train(plan, monitor::endedBy, monitor, accuracy).close();
    return new StoppedRun(kind, seed, perEpoch, accuracy.accuracies(), scores, signal.stopped());
  }

  private static void note(Observation seen, SortedMap<Long, Double> scores) {
    if (seen.outcome() instanceof Score score) {
      scores.put(seen.key().step(), score.value());
    }
  }
}
