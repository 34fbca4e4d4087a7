package dev.latentgauge.tests;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import dev.latentgauge.agent.Stopped;
import dev.latentgauge.agent.TrainingMonitor;
import dev.latentgauge.agent.report.CollectorReporter;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import java.net.URI;
import java.util.Optional;

/**
 * Small trainings of one fleet, which has no reference: with equal data, and seeds of their own.
 */
final class SketchedTraining {

  private SketchedTraining() {}

  /** Trains a run, and answers why it was stopped, if it was. */
  static Optional<Stopped> train(String collector, String run, int seed, int epochs)
      throws Exception {
    return train(collector, run, seed, epochs, () -> {});
  }

  /**
   * The same.
   *
   * @param afterEpoch1 is done after the first epoch, while the training waits
   */
  static Optional<Stopped> train(
      String collector, String run, int seed, int epochs, Runnable afterEpoch1) throws Exception {
    try (NDManager manager = NDManager.newBaseManager();
        Model model = Model.newInstance("fleet")) {
      ArrayDataset dataset = dataset(manager);
      Engine.getInstance().setRandomSeed(seed);
      try (ProbeSet probes = ProbeSet.sample(dataset, 32, 128, 1)) {
        TrainingMonitor monitor =
            TrainingMonitor.builder(probes)
                .layer(Layer.named("01Linear"))
                .run(RunInfo.named(run))
                .obeyDirectives(true)
                .reportTo(CollectorReporter.builder(URI.create(collector)).withoutSpool().build())
                .build();
        model.setBlock(network());
        DefaultTrainingConfig config =
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .addTrainingListeners(monitor, new Once(afterEpoch1));
        try (Trainer trainer = model.newTrainer(config)) {
          trainer.initialize(new Shape(1, 8));
          EasyTrain.fit(trainer, epochs, dataset, null);
        } catch (EarlyStoppedException e) {
          return monitor.stopped();
        }
        return Optional.empty();
      }
    }
  }

  private static ArrayDataset dataset(NDManager manager) {
    Engine.getInstance().setRandomSeed(99);
    NDArray inputs = manager.randomNormal(new Shape(400, 8));
    return new ArrayDataset.Builder()
        .setData(inputs)
        .optLabels(inputs.get(":, :3").argMax(1))
        .setSampling(40, true)
        .build();
  }

  private static Block network() {
    return new SequentialBlock()
        .add(Linear.builder().setUnits(16).build())
        .add(Activation::relu)
        .add(Linear.builder().setUnits(3).build());
  }

  /** Does something after the first epoch. */
  private static final class Once extends TrainingListenerAdapter {
    private final Runnable work;
    private boolean done;

    private Once(Runnable work) {
      this.work = work;
    }

    @Override
    public void onEpoch(Trainer trainer) {
      if (!done) {
        done = true;
        work.run();
      }
    }
  }
}
