package dev.latentgauge.examples.unmodified;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import dev.latentgauge.examples.data.DataException;
import dev.latentgauge.examples.data.Trec;
import dev.latentgauge.examples.data.Trec.Question;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Trains a small transformer to tell what a question of TREC asks for, in a loop written by hand.
 *
 * <p>It learns from the first of the training questions, 5,000 of them if not told otherwise, and
 * its accuracy on the test questions is printed after each epoch. The seed decides on everything
 * that is drawn; the last digits of the engine's sums may still differ from run to run.
 */
@Command(
    name = "question-transformer",
    mixinStandardHelpOptions = true,
    description = "Trains a small transformer on the questions of TREC.")
public final class QuestionTransformer implements Callable<Integer> {

  private static final int BATCH = 32;
  private static final int TEST_BATCH = 100;

  private final PrintStream out;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "10",
      description = "Passes over the questions (default: ${DEFAULT-VALUE}).")
  private int epochs = 10;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      defaultValue = "0.001",
      description = "The learning rate of Adam (default: ${DEFAULT-VALUE}).")
  private float learningRate = 0.001f;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "5000",
      description = "How many questions it learns from, at most 5452 (default: ${DEFAULT-VALUE}).")
  private int limit = 5_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Decides on weights, dropout and the order of the questions (default:"
              + " ${DEFAULT-VALUE}).")
  private int seed = 1;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Folder with train_5500.label and TREC_10.label; found or downloaded if not given.")
  private @Nullable Path data;

  QuestionTransformer(PrintStream out) {
    this.out = out;
  }

  /**
   * Trains.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new QuestionTransformer(System.out)).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, TranslateException {
    Trec questions;
    try {
      questions = data == null ? Trec.find() : Trec.load(data);
    } catch (DataException e) {
      System.err.println(e.getMessage());
      return 1;
    }
    if (epochs < 1 || !(learningRate > 0) || limit < 1 || limit > questions.train().size()) {
      System.err.printf(
          "question-transformer: --epochs must be at least 1, --learning-rate above 0"
              + " and --limit from 1 to %d%n",
          questions.train().size());
      return CommandLine.ExitCode.USAGE;
    }
    Engine.getInstance().setRandomSeed(seed);
    train(questions.train().subList(0, limit), questions.test());
    return 0;
  }

  private void train(List<Question> questions, List<Question> testQuestions)
      throws IOException, TranslateException {
    Words words = Words.of(questions);
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optOptimizer(
                Optimizer.adam().optLearningRateTracker(Tracker.fixed(learningRate)).build());
    try (Model model = Model.newInstance("question-transformer");
        NDManager manager = NDManager.newBaseManager()) {
      model.setBlock(new QuestionNetwork(words.vocabulary(), words.padding()));
      Dataset train = words.dataset(questions, manager, BATCH, true);
      Dataset test = words.dataset(testQuestions, manager, TEST_BATCH, false);
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(Words.SHAPE);
        Result result = new Result(Double.NaN, 0);
        for (int epoch = 1; epoch <= epochs; epoch++) {
          learn(trainer, train);
          result = evaluate(trainer, test);
          print("epoch " + epoch, result);
        }
        print("question-transformer", result);
      }
    }
  }

  private static void learn(Trainer trainer, Dataset questions)
      throws IOException, TranslateException {
    for (Batch batch : trainer.iterateDataset(questions)) {
      try (batch) {
        try (GradientCollector gradients = trainer.newGradientCollector()) {
          NDList answers = trainer.forward(batch.getData());
          gradients.backward(trainer.getLoss().evaluate(batch.getLabels(), answers));
        }
        trainer.step();
      }
    }
  }

  private static Result evaluate(Trainer trainer, Dataset questions)
      throws IOException, TranslateException {
    double loss = 0;
    long right = 0;
    long count = 0;
    for (Batch batch : trainer.iterateDataset(questions)) {
      try (batch) {
        NDArray kinds = batch.getLabels().head();
        NDList answers = trainer.evaluate(batch.getData());
        right += answers.head().argMax(1).eq(kinds).countNonzero().getLong();
        loss += batch.getSize() * trainer.getLoss().evaluate(batch.getLabels(), answers).getFloat();
        count += batch.getSize();
      }
    }
    return new Result(loss / count, (double) right / count);
  }

  private void print(String when, Result result) {
    out.printf(
        Locale.ROOT, "%s: test accuracy %.4f, loss %.6f%n", when, result.accuracy(), result.loss());
  }

  /**
   * How good the network is on questions that it does not learn from.
   *
   * @param loss the mean cross entropy
   * @param accuracy the share of right answers, from 0 to 1
   */
  private record Result(double loss, double accuracy) {}
}
