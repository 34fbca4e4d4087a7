package dev.latentgauge.examples.quickstart;

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
import dev.latentgauge.agent.Cadence;
import dev.latentgauge.agent.MonitorBuilder;
import dev.latentgauge.agent.TrainingMonitor;
import dev.latentgauge.agent.report.CollectorReporter;
import dev.latentgauge.examples.data.FashionMnist;
import dev.latentgauge.examples.data.LabelledImages;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;

/** The trainings of the quickstart, each as a user would write it. */
final class Experiment {

  private static final int ANCHORS = 128;
  private static final int PROBES = 512;
  private static final int FIRST_PROBE_IMAGE = 50_000;
  private static final int MEASUREMENTS = 12;
  private static final int TEST_IMAGES_ON_THE_WAY = 1_000;
  private static final Shape INPUT = new Shape(1, 1, 28, 28);

  private final FashionMnist data;
  private final Optional<URI> collector;

  Experiment(FashionMnist data, Optional<URI> collector) {
    this.data = data;
    this.collector = collector;
  }

  /** Anchors and probes from the last 10,000 training images, which no run gets. */
  ProbeSet probes() {
    try (NDManager manager = NDManager.newBaseManager()) {
      LabelledImages heldOut = data.train().rows(FIRST_PROBE_IMAGE, data.train().size());
      RandomAccessDataset dataset =
          heldOut.dataset(manager, new BatchSampler(new SequenceSampler(), 1));
      return ProbeSet.sample(dataset, ANCHORS, PROBES, 42);
    }
  }

  /** Trains the model that runs are compared with. */
  Reference reference(Plan plan, ProbeSet probes) {
    try (Progress progress = new Progress(plan);
        Model model = train(plan, progress, exception -> {})) {
      return Reference.of("fashion-cnn", model, Networks.ENCODER, probes);
    }
  }

  /** Trains one run with a monitor attached. */
  RunResult run(Plan plan, Reference reference) {
    int every = Math.max(1, plan.steps() / MEASUREMENTS);
    AccuracyListener accuracy = new AccuracyListener(data.test(), TEST_IMAGES_ON_THE_WAY, every);
    try (Progress progress = new Progress(plan)) {
      MonitorBuilder builder =
          TrainingMonitor.builder(reference)
              .layer(Networks.ENCODER)
              .cadence(Cadence.everyBatches(every))
              .run(plan.run())
              .reportTo(progress);
      collector.ifPresent(address -> builder.reportTo(CollectorReporter.to(address)));
      TrainingMonitor monitor = builder.build();
      try {
        train(plan, progress, monitor::endedBy, monitor, accuracy).close();
      } catch (TrainingDivergedException e) {
        progress.diverged();
      }
      return new RunResult(plan.name(), progress.observations(), accuracy.accuracies());
    }
  }

  private Model train(
      Plan plan,
      Progress progress,
      Consumer<TrainingDivergedException> endedBy,
      TrainingListener... listeners) {
    Engine.getInstance().setRandomSeed(plan.seed());
    Model model = Model.newInstance(plan.name());
    model.setBlock(Networks.of(plan));
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optOptimizer(
                Optimizer.adam()
                    .optLearningRateTracker(Tracker.fixed((float) plan.learningRate()))
                    .build())
            .addEvaluator(new Accuracy())
            .addTrainingListeners(TrainingListener.Defaults.basic())
            .addTrainingListeners(listeners)
            .addTrainingListeners(progress.listener());
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
