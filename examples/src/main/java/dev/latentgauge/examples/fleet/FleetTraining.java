package dev.latentgauge.examples.fleet;

import ai.djl.Model;
import ai.djl.TrainingDivergedException;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import ai.djl.training.listener.TrainingListener;
import dev.latentgauge.agent.Cadence;
import dev.latentgauge.agent.EarlyStopping;
import dev.latentgauge.agent.MonitorBuilder;
import dev.latentgauge.agent.TrainingMonitor;
import dev.latentgauge.agent.report.CollectorReporter;
import dev.latentgauge.agent.report.Reporter;
import dev.latentgauge.examples.data.FashionMnist;
import dev.latentgauge.examples.data.LabelledImages;
import dev.latentgauge.examples.fashion.AccuracyListener;
import dev.latentgauge.examples.fashion.ImageTraining;
import dev.latentgauge.examples.fashion.Networks;
import dev.latentgauge.examples.fashion.Plan;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Calibration;
import dev.latentgauge.reference.Calibration.Point;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.relative.Score;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The trainings of the fleet, each with a monitor attached as a user would do it. */
final class FleetTraining {

  private static final double COVERAGE = 0.9;
  private static final double BUDGET = 0.05;

  private final FashionMnist images;
  private final ImageTraining training;
  private final boolean quick;

  FleetTraining(FashionMnist images, boolean quick) {
    this.images = images;
    this.training = new ImageTraining(images);
    this.quick = quick;
  }

  /** Writes a reference with its floor, ceiling and calibration. */
  void reference(Path file) throws IOException {
    try (ProbeSet probes = training.probes();
        Model good = train(FleetPlans.reference());
        Model second = train(FleetPlans.ceiling());
        Model untrained = training.untrained(FleetPlans.floor());
        Reference plain =
            Reference.builder("fashion-cnn", good, Networks.ENCODER, probes)
                .floor(untrained, Networks.ENCODER)
                .ceiling(second, Networks.ENCODER)
                .build();
        Reference calibrated = plain.withCalibration(calibration(plain))) {
      calibrated.save(file);
    }
  }

  /** What accuracy scores have meant, by trainings that end with a score and an accuracy. */
  private Calibration calibration(Reference reference) {
    LabelledImages test = quick ? images.test().rows(0, 1_000) : images.test();
    List<Point> points = new ArrayList<>();
    for (Plan plan : FleetPlans.calibration()) {
      Newest newest = new Newest();
      AccuracyListener accuracy = new AccuracyListener(test, 1, Integer.MAX_VALUE);
      TrainingMonitor monitor =
          TrainingMonitor.builder(reference)
              .layer(Networks.ENCODER)
              .cadence(Cadence.everyEpochs(1))
              .run(plan.run())
              .reportTo(newest)
              .build();
      train(plan, monitor, accuracy).close();
      double reached =
          accuracy.accuracies().values().stream().reduce((earlier, later) -> later).orElseThrow();
      points.add(new Point(newest.score(), reached));
    }
    return Calibration.fit(points, COVERAGE);
  }

  /** Trains a run, and reports to a collector, which may tell it to stop. */
  void run(Plan plan, Reference reference, URI collector) {
    MonitorBuilder monitored =
        TrainingMonitor.builder(reference)
            .layer(Networks.ENCODER)
            .cadence(Cadence.budget(BUDGET))
            .run(plan.run())
            .reportTo(CollectorReporter.builder(collector).withoutSpool().build())
            .sketches(true)
            .obeyDirectives(true);
    if (plan.name().equals(FleetPlans.STOPPED)) {
      monitored.stopWhen(EarlyStopping.builder().patience(40).build());
    }
    TrainingMonitor monitor = monitored.build();
    try {
      training.train(planned(plan), monitor::endedBy, monitor).close();
    } catch (TrainingDivergedException e) {
      System.err.println(plan.name() + " diverged");
    } catch (EarlyStoppedException e) {
      System.err.println(plan.name() + " was stopped: " + e.getMessage());
    }
  }

  private Model train(Plan plan, TrainingListener... listeners) {
    System.err.println("Training " + plan.name());
    return training.train(planned(plan), exception -> {}, listeners);
  }

  private Plan planned(Plan plan) {
    return quick ? plan.shortened() : plan;
  }

  /** Keeps the newest score of a run. */
  private static final class Newest implements Reporter {
    private double score = Double.NaN;

    @Override
    public synchronized void observed(RunInfo run, List<Observation> observations) {
      for (Observation observation : observations) {
        if (observation.outcome() instanceof Score measured) {
          score = measured.value();
        }
      }
    }

    synchronized double score() {
      return score;
    }
  }
}
