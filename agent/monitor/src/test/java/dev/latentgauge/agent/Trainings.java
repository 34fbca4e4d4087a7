package dev.latentgauge.agent;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Small trainings that are over in a second, with everything in them that a monitor could disturb.
 */
final class Trainings implements AutoCloseable {

  static final Layer LAYER = Layer.named("01SequentialBlock");
  static final int BATCHES_PER_EPOCH = 12;
  private static final int BATCH = 16;

  private final NDManager manager = NDManager.newBaseManager();
  private final NDArray inputs;
  private final NDArray labels;

  Trainings() {
    Engine.getInstance().setRandomSeed(99);
    inputs = manager.randomNormal(new Shape(BATCHES_PER_EPOCH * BATCH, 10));
    labels = inputs.get(":, :3").argMax(1);
  }

  /** Anchors and probes that no training sees. */
  ProbeSet probes() {
    ArrayDataset dataset =
        new ArrayDataset.Builder()
            .setData(manager.randomNormal(new Shape(200, 10)))
            .setSampling(BATCH, false)
            .build();
    return ProbeSet.sample(dataset, 24, 64, 1);
  }

  /** A reference by a model that was trained for a while. */
  Reference reference(ProbeSet probes) {
    Reference[] reference = new Reference[1];
    train(5, 4, model -> reference[0] = Reference.of("good", model, LAYER, probes));
    return reference[0];
  }

  /** Parameters and buffers, bit for bit. */
  static List<String> weights(Model model) {
    return model.getBlock().getParameters().values().stream()
        .map(parameter -> Arrays.toString(parameter.getArray().toByteArray()))
        .toList();
  }

  static Block network() {
    return new SequentialBlock()
        .add(
            new SequentialBlock()
                .add(Linear.builder().setUnits(32).build())
                .add(BatchNorm.builder().build())
                .add(Activation::relu)
                .add(Dropout.builder().optRate(0.3f).build())
                .add(Linear.builder().setUnits(8).build()))
        .add(Activation::relu)
        .add(Linear.builder().setUnits(3).build());
  }

  /**
   * Trains by EasyTrain with the listeners that a user would have, and one more.
   *
   * @return the bytes of all parameters and buffers afterwards
   */
  List<String> train(int seed, int epochs, TrainingListener... listeners) {
    return train(seed, epochs, model -> {}, listeners);
  }

  List<String> train(int seed, int epochs, Consumer<Model> trained, TrainingListener... listeners) {
    Engine.getInstance().setRandomSeed(seed);
    try (Model model = Model.newInstance("network")) {
      model.setBlock(network());
      try (Trainer trainer = model.newTrainer(config(listeners))) {
        trainer.initialize(new Shape(1, 10));
        EasyTrain.fit(trainer, epochs, dataset(), null);
      }
      trained.accept(model);
      return weights(model);
    } catch (IOException | TranslateException e) {
      throw new IllegalStateException(e);
    }
  }

  static DefaultTrainingConfig config(TrainingListener... listeners) {
    return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
        .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.01f)).build())
        .addEvaluator(new Accuracy())
        .addTrainingListeners(TrainingListener.Defaults.basic())
        .addTrainingListeners(listeners);
  }

  ArrayDataset dataset() {
    return new ArrayDataset.Builder()
        .setData(inputs)
        .optLabels(labels)
        .setSampling(BATCH, true)
        .build();
  }

  @Override
  public void close() {
    manager.close();
  }
}
