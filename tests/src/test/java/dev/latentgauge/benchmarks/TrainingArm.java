package dev.latentgauge.benchmarks;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.ArrayList;
import java.util.List;

/** One of two trainings that take turns, with the time that every step of it took. */
final class TrainingArm implements AutoCloseable {

  private static final int SEED = 7;

  private final List<NDList> data;
  private final OwnTime time;
  private final Model model;
  private final Trainer trainer;
  private final List<Long> steps = new ArrayList<>();

  /**
   * Starts a training, the same for the same model but for the name and the listeners.
   *
   * @param name of the model
   * @param data what it trains on, batch by batch
   * @param time the clock of this training
   */
  TrainingArm(
      String name,
      TrainedModel trained,
      List<NDList> data,
      OwnTime time,
      TrainingListener... listeners) {
    this.data = data;
    this.time = time;
    Engine.getInstance().setRandomSeed(SEED);
    model = Model.newInstance(name);
    model.setBlock(trained.network());
    trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(1e-4f)).build())
                .addTrainingListeners(TrainingListener.Defaults.basic())
                .addTrainingListeners(listeners));
    trainer.initialize(TrainedModel.shape(1));
  }

  /** Trains a block of steps. */
  void train(int count) {
    time.resume();
    long from = time.nanoTime();
    for (int i = 0; i < count; i++) {
      NDList next = data.get(steps.size() % data.size());
      try (Batch batch = TrainedModel.batch(next, trainer.getManager().newSubManager())) {
        EasyTrain.trainBatch(trainer, batch);
        trainer.step();
      }
      long to = time.nanoTime();
      steps.add(to - from);
      from = to;
    }
    time.suspend();
  }

  /** Nanoseconds of every step so far. */
  List<Long> steps() {
    return steps;
  }

  Model model() {
    return model;
  }

  @Override
  public void close() {
    time.resume();
    trainer.close();
    time.suspend();
    model.close();
  }
}
