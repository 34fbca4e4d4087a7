package dev.latentgauge.examples.fashion;

import ai.djl.Model;
import ai.djl.TrainingDivergedException;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
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
import dev.latentgauge.examples.data.FashionMnist;
import dev.latentgauge.examples.data.LabelledImages;
import dev.latentgauge.probe.ProbeSet;
import java.io.IOException;
import java.util.function.Consumer;

/** Trains networks on Fashion-MNIST as a user would write it. */
public final class ImageTraining {

  private static final int ANCHORS = 128;
  private static final int PROBES = 512;
  private static final int FIRST_PROBE_IMAGE = 50_000;
  private static final Shape INPUT = new Shape(1, 1, 28, 28);

  private final FashionMnist data;

  /**
   * Trainings on some data.
   *
   * @param data the images
   */
  public ImageTraining(FashionMnist data) {
    this.data = data;
  }

  /**
   * Anchors and probes from the last 10,000 training images, which no run gets.
   *
   * @return 128 anchors and 512 probes, to be closed by the caller
   */
  public ProbeSet probes() {
    try (NDManager manager = NDManager.newBaseManager()) {
      LabelledImages heldOut = data.train().rows(FIRST_PROBE_IMAGE, data.train().size());
      RandomAccessDataset dataset =
          heldOut.dataset(manager, new BatchSampler(new SequenceSampler(), 1));
      return ProbeSet.sample(dataset, ANCHORS, PROBES, 42);
    }
  }

  /**
   * A network as it is before its training.
   *
   * @param plan of which network, width and seed count
   * @return the model, to be closed by the caller
   */
  public Model untrained(Plan plan) {
    Model model = model(plan);
    try (Trainer trainer =
        model.newTrainer(new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()))) {
      trainer.initialize(INPUT);
    }
    return model;
  }

  private static Model model(Plan plan) {
    Engine.getInstance().setRandomSeed(plan.seed());
    Model model = Model.newInstance(plan.name());
    model.setBlock(Networks.of(plan));
    return model;
  }

  /**
   * Trains a network.
   *
   * @param plan how
   * @param endedBy is told if the training diverges
   * @param listeners what else follows the training, after the listeners that DJL proposes
   * @return the model, to be closed by the caller
   * @throws TrainingDivergedException if the loss is not a number
   */
  public Model train(
      Plan plan, Consumer<TrainingDivergedException> endedBy, TrainingListener... listeners) {
    Model model = model(plan);
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optOptimizer(
                Optimizer.adam()
                    .optLearningRateTracker(Tracker.fixed((float) plan.learningRate()))
                    .build())
            .addEvaluator(new Accuracy())
            .addTrainingListeners(TrainingListener.Defaults.basic())
            .addTrainingListeners(listeners);
    try (NDManager manager = NDManager.newBaseManager();
        Trainer trainer = model.newTrainer(config)) {
      trainer.initialize(INPUT);
      LabelledImages images =
          data.train().rows(0, plan.images()).withWrongLabels(plan.wrongLabels(), plan.seed());
      RandomAccessDataset dataset =
          images.dataset(manager, new BatchSampler(new RandomSampler(), Plan.BATCH, true));
      try {
        EasyTrain.fit(trainer, plan.epochs(), dataset, null);
      } catch (TrainingDivergedException e) {
        endedBy.accept(e);
        throw e;
      }
      return model;
    } catch (IOException | TranslateException e) {
      throw new IllegalStateException("training " + plan.name() + " failed", e);
    }
  }
}
