package dev.latentgauge.examples.quickstart;

import ai.djl.Model;
import ai.djl.TrainingDivergedException;
import dev.latentgauge.agent.Cadence;
import dev.latentgauge.agent.MonitorBuilder;
import dev.latentgauge.agent.TrainingMonitor;
import dev.latentgauge.agent.report.CollectorReporter;
import dev.latentgauge.examples.data.FashionMnist;
import dev.latentgauge.examples.fashion.AccuracyListener;
import dev.latentgauge.examples.fashion.ImageTraining;
import dev.latentgauge.examples.fashion.Networks;
import dev.latentgauge.examples.fashion.Plan;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import java.net.URI;
import java.util.Optional;

/** The trainings of the quickstart, each with a monitor attached as a user would do it. */
final class Experiment {

  private static final int MEASUREMENTS = 12;
  private static final int TEST_IMAGES_ON_THE_WAY = 1_000;

  private final FashionMnist data;
  private final ImageTraining training;
  private final Optional<URI> collector;

  Experiment(FashionMnist data, Optional<URI> collector) {
    this.data = data;
    this.training = new ImageTraining(data);
    this.collector = collector;
  }

  /** Anchors and probes that no run gets. */
  ProbeSet probes() {
    return training.probes();
  }

  /** Trains the model that runs are compared with. */
  Reference reference(Plan plan, ProbeSet probes) {
    try (Progress progress = new Progress(plan);
        Model model = training.train(plan, exception -> {}, progress.listener())) {
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
      collector.ifPresent(
          address ->
              builder
                  .sketches(true)
                  .reportTo(CollectorReporter.builder(address).withoutSpool().build()));
      TrainingMonitor monitor = builder.build();
      try {
        training.train(plan, monitor::endedBy, monitor, accuracy, progress.listener()).close();
      } catch (TrainingDivergedException e) {
        progress.diverged();
      }
      return new RunResult(plan.name(), progress.observations(), accuracy.accuracies());
    }
  }
}
