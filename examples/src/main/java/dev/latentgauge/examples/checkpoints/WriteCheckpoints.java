package dev.latentgauge.examples.checkpoints;

import ai.djl.Model;
import ai.djl.TrainingDivergedException;
import dev.latentgauge.examples.data.DataException;
import dev.latentgauge.examples.fashion.ImageTraining;
import dev.latentgauge.examples.fashion.ImagesOption;
import dev.latentgauge.examples.fashion.Networks;
import dev.latentgauge.examples.fashion.Plan;
import dev.latentgauge.examples.fashion.Plan.Network;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Trains small networks on Fashion-MNIST, and leaves the embeddings of their checkpoints, for who
 * wants to score thousands of them.
 *
 * <p>{@code examples/spark.sh files} runs it.
 */
@Command(
    name = "files",
    mixinStandardHelpOptions = true,
    description = {
      "Trains small networks on Fashion-MNIST for 600 steps each, with learning rates from good to"
          + " ruinous, and writes the embeddings of their checkpoints to"
          + " DIR/runs/RUN/step-STEP.safetensors,",
      "and two references to DIR/references: mlp, which knows its floor and ceiling, and cnn."
    })
public final class WriteCheckpoints implements Callable<Integer> {

  private static final double[] RATES = {0.00003, 0.0003, 0.001, 0.01, 0.1};
  private static final int[] WIDTHS = {8, 64, 128};
  private static final int REFERENCE_SEED = 1;
  private static final int FIRST_SEED = 100;

  @Mixin private ImagesOption data = new ImagesOption();

  @Parameters(paramLabel = "DIR", description = "Where to write; files of its own are replaced.")
  private Path folder = Path.of("");

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many networks to train (default: ${DEFAULT-VALUE}).")
  private int runs = 20;

  @Option(
      names = "--every",
      paramLabel = "STEPS",
      defaultValue = "6",
      description = "How many steps lie between two files (default: ${DEFAULT-VALUE}).")
  private int every = 6;

  private WriteCheckpoints() {}

  /**
   * Runs the example.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new WriteCheckpoints()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    if (runs < 1 || every < 1) {
      System.err.println("files: --runs and --every must be at least 1");
      return ExitCode.USAGE;
    }
    ImageTraining training;
    try {
      training = new ImageTraining(data.images());
    } catch (DataException e) {
      System.err.println(e.getMessage());
      return ExitCode.SOFTWARE;
    }
    try (ProbeSet probes = training.probes()) {
      writeReferences(training, probes);
      for (int run = 0; run < runs; run++) {
        train(training, probes, run);
      }
    }
    return ExitCode.OK;
  }

  private void writeReferences(ImageTraining training, ProbeSet probes) throws IOException {
    Path references = Files.createDirectories(folder.resolve("references"));
    Plan mlp = Plan.good("mlp", Network.MLP, 128, REFERENCE_SEED).withEpochs(3);
    Plan other = Plan.good("ceiling", Network.MLP, 128, REFERENCE_SEED + 1).withEpochs(3);
    Plan cnn = Plan.good("cnn", Network.CNN, 16, REFERENCE_SEED);
    System.err.println("training the references");
    try (Model good = training.train(mlp, diverged -> {});
        Model second = training.train(other, diverged -> {});
        Model untrained = training.untrained(other);
        Model convolutional = training.train(cnn, diverged -> {});
        Reference scaled =
            Reference.builder(mlp.name(), good, Networks.ENCODER, probes)
                .floor(untrained, Networks.ENCODER)
                .ceiling(second, Networks.ENCODER)
                .build();
        Reference plain = Reference.of(cnn.name(), convolutional, Networks.ENCODER, probes)) {
      scaled.save(references.resolve("mlp.safetensors"));
      plain.save(references.resolve("cnn.safetensors"));
    }
  }

  private void train(ImageTraining training, ProbeSet probes, int run) throws IOException {
    double rate = RATES[run % RATES.length];
    int width = WIDTHS[run / RATES.length % WIDTHS.length];
    Plan plan =
        Plan.good("mlp-" + width + "-" + rate + "-" + run, Network.MLP, width, FIRST_SEED + run)
            .withLearningRate(rate);
    Path files = Files.createDirectories(folder.resolve("runs").resolve(plan.name()));
    System.err.println("training " + plan.name());
    try {
      training.train(plan, diverged -> {}, new CheckpointFiles(probes, files, every)).close();
    } catch (TrainingDivergedException e) {
      System.err.println(plan.name() + " diverged");
    }
  }
}
