package dev.latentgauge.tests;

import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.BatchSampler;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.RandomSampler;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.latentgauge.agent.Cadence;
import dev.latentgauge.agent.TrainingMonitor;
import dev.latentgauge.agent.report.CollectorReporter;
import dev.latentgauge.examples.data.FashionMnist;
import dev.latentgauge.examples.data.LabelledImages;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;

/**
 * A program as a user would write it: a reference, and a slow training that is monitored. Its
 * second batch waits for a line on standard input.
 */
final class MonitoredTraining {

  static final String RUN = "end-to-end";
  private static final Layer ENCODER = Layer.named("01SequentialBlock");

  private MonitoredTraining() {}

  public static void main(String[] arguments) throws Exception {
    LabelledImages images = FashionMnist.find().train();
    try (NDManager manager = NDManager.newBaseManager();
        ProbeSet probes =
            ProbeSet.sample(dataset(images.rows(50_000, 60_000), manager), 128, 512, 1);
        Model good = train(dataset(images.rows(0, 30_000), manager), 0.001f, 3);
        Reference reference = Reference.of("mlp", good, ENCODER, probes)) {
      TrainingMonitor monitor =
          TrainingMonitor.builder(reference)
              .layer(ENCODER)
              .cadence(Cadence.everyBatches(25))
              .run(RunInfo.named(RUN).withDataset("Fashion-MNIST").tag("lr", "0.0001"))
              .reportTo(CollectorReporter.builder(URI.create(arguments[0])).withoutSpool().build())
              .build();
      train(dataset(images.rows(0, 30_000), manager), 0.0001f, 4, monitor, new Pausing()).close();
    }
  }

  /** Holds a training after the baseline was measured. */
  private static final class Pausing extends TrainingListenerAdapter {
    private boolean paused;

    @Override
    public void onTrainingBatch(Trainer trainer, BatchData batchData) {
      if (!paused) {
        paused = true;
        new Scanner(System.in, StandardCharsets.UTF_8).nextLine();
      }
    }
  }

  private static Model train(
      RandomAccessDataset dataset, float rate, int epochs, TrainingListener... listeners)
      throws Exception {
    Model model = Model.newInstance("mlp");
    model.setBlock(ImageNetwork.of(128, 64));
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(rate)).build())
            .addTrainingListeners(TrainingListener.Defaults.basic())
            .addTrainingListeners(listeners);
    try (Trainer trainer = model.newTrainer(config)) {
      trainer.initialize(new Shape(1, 1, 28, 28));
      EasyTrain.fit(trainer, epochs, dataset, null);
    }
    return model;
  }

  private static RandomAccessDataset dataset(LabelledImages images, NDManager manager) {
    return images.dataset(manager, new BatchSampler(new RandomSampler(), 64, true));
  }
}
