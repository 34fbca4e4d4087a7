package dev.latentgauge.examples.unmodified;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.metric.Metrics;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingResult;
import ai.djl.training.dataset.BatchSampler;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.RandomSampler;
import ai.djl.training.dataset.SequenceSampler;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import dev.latentgauge.examples.data.DataException;
import dev.latentgauge.examples.data.FashionMnist;
import dev.latentgauge.examples.data.LabelledImages;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Trains a multilayer perceptron on Fashion-MNIST, by {@code EasyTrain}.
 *
 * <p>It learns from the first of the training images, and is validated after each epoch on the last
 * 10,000 of them, which it never learns from. The same seed gives the same weights.
 */
@Command(
    name = "image-mlp",
    mixinStandardHelpOptions = true,
    description = "Trains a multilayer perceptron on Fashion-MNIST.")
public final class ImageMlp implements Callable<Integer> {

  private static final int MOST_IMAGES = 50_000;
  private static final int BATCH = 64;
  private static final int VALIDATION_BATCH = 500;
  private static final Shape INPUT = new Shape(1, 1, 28, 28);

  private final PrintStream out;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "3",
      description = "Passes over the images (default: ${DEFAULT-VALUE}).")
  private int epochs = 3;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      defaultValue = "0.001",
      description = "The learning rate of Adam (default: ${DEFAULT-VALUE}).")
  private float learningRate = 0.001f;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50000",
      description = "How many images it learns from, at most 50000 (default: ${DEFAULT-VALUE}).")
  private int limit = MOST_IMAGES;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Decides on weights and the order of the images (default: ${DEFAULT-VALUE}).")
  private int seed = 1;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Folder with the four .gz files of Fashion-MNIST; found or downloaded if not given.")
  private @Nullable Path data;

  @Option(
      names = "--save",
      paramLabel = "DIR",
      description = "Folder for the trained model; it is not saved if not given.")
  private @Nullable Path folder;

  ImageMlp(PrintStream out) {
    this.out = out;
  }

  /**
   * Trains.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ImageMlp(System.out)).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, TranslateException {
    if (epochs < 1 || !(learningRate > 0) || limit < 1 || limit > MOST_IMAGES) {
      System.err.printf(
          "image-mlp: --epochs must be at least 1, --learning-rate above 0"
              + " and --limit from 1 to %d%n",
          MOST_IMAGES);
      return CommandLine.ExitCode.USAGE;
    }
    LabelledImages images;
    try {
      images = (data == null ? FashionMnist.find() : FashionMnist.load(data)).train();
    } catch (DataException e) {
      System.err.println(e.getMessage());
      return 1;
    }
    Engine.getInstance().setRandomSeed(seed);
    try (Model model = Model.newInstance("image-mlp")) {
      model.setBlock(network());
      train(model, images);
      if (folder != null) {
        model.setProperty("Epoch", Integer.toString(epochs));
        model.save(folder, "image-mlp");
      }
    }
    return 0;
  }

  private static Block network() {
    Block encoder =
        new SequentialBlock()
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(128).build())
            .add(Activation::relu)
            .add(Linear.builder().setUnits(64).build());
    return new SequentialBlock()
        .add(encoder)
        .add(Activation::relu)
        .add(Linear.builder().setUnits(FashionMnist.CLASSES).build());
  }

  private void train(Model model, LabelledImages images) throws IOException, TranslateException {
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optOptimizer(
                Optimizer.adam().optLearningRateTracker(Tracker.fixed(learningRate)).build())
            .addEvaluator(new Accuracy())
            .addTrainingListeners(TrainingListener.Defaults.logging());
    try (NDManager manager = NDManager.newBaseManager();
        Trainer trainer = model.newTrainer(config)) {
      RandomAccessDataset train =
          images.rows(0, limit).dataset(manager, new BatchSampler(new RandomSampler(), BATCH));
      RandomAccessDataset validate =
          images
              .rows(MOST_IMAGES, images.size())
              .dataset(manager, new BatchSampler(new SequenceSampler(), VALIDATION_BATCH));
      trainer.setMetrics(new Metrics());
      trainer.initialize(INPUT);
      EasyTrain.fit(trainer, epochs, train, validate);
      print(trainer.getTrainingResult());
    }
  }

  private void print(TrainingResult result) {
    out.printf(
        Locale.ROOT,
        "image-mlp: validation accuracy %.4f, loss %.6f, epochs %d%n",
        result.getValidateEvaluation("Accuracy"),
        result.getValidateLoss(),
        result.getEpoch());
  }
}
