package dev.latentgauge.benchmarks;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.latentgauge.agent.MonitorBuilder;
import dev.latentgauge.agent.TimeSource;
import dev.latentgauge.agent.TrainingMonitor;
import dev.latentgauge.agent.report.Reporter;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A training with a monitor as its listener, and one without, that take turns. */
final class MonitoredTraining {

  private final TrainedModel trained;
  private final Attachment attachment;
  private final List<Observation> observations = Collections.synchronizedList(new ArrayList<>());

  private MonitoredTraining(TrainedModel trained, Attachment attachment) {
    this.trained = trained;
    this.attachment = attachment;
  }

  /**
   * Trains for a time.
   *
   * @param probes how many inputs are embedded beside the anchors
   * @param seconds of both trainings together, above 0; longer if a budget has no room for an
   *     observation on the way before
   */
  static Overhead run(TrainedModel trained, int probes, Attachment attachment, double seconds) {
    return new MonitoredTraining(trained, attachment).run(probes, seconds);
  }

  private Overhead run(int probes, double seconds) {
    try (NDManager manager = NDManager.newBaseManager();
        ProbeSet inputs = TrainedModel.probes(manager, probes);
        Reference reference = reference(trained, inputs)) {
      List<NDList> data = TrainedModel.data(manager);
      OwnTime time = new OwnTime();
      TimedListener listener = new TimedListener(monitor(reference, time), time);
      OwnTime timeWithout = new OwnTime();
      TimedListener nothing = new TimedListener(new TrainingListenerAdapter() {}, timeWithout);
      List<Interleaving.Round> rounds;
      TrainingArm with = new TrainingArm("with", trained, data, time, listener);
      try (with;
          TrainingArm without = new TrainingArm("without", trained, data, timeWithout, nothing)) {
        rounds = Interleaving.run(without, with, seconds, this::waits);
      }
      return Overhead.of(rounds, with.steps(), listener, nothing, time.nanoTime(), observations);
    }
  }

  /** A reference by a network with other random weights than those that are trained. */
  static Reference reference(TrainedModel trained, ProbeSet inputs) {
    try (NDManager manager = NDManager.newBaseManager();
        TrainingArm other =
            new TrainingArm("reference", trained, TrainedModel.data(manager), new OwnTime())) {
      other.train(Interleaving.CALIBRATION_STEPS);
      return Reference.of("overhead", other.model(), TrainedModel.ENCODER, inputs);
    }
  }

  private TrainingMonitor monitor(Reference reference, TimeSource time) {
    Reporter reporter = (run, observed) -> observations.addAll(observed);
    MonitorBuilder builder = TrainingMonitor.builder(reference);
    attachment.layers().forEach(builder::layer);
    return builder
        .cadence(attachment.cadence())
        .run(RunInfo.named("overhead"))
        .timeSource(time)
        .reportTo(reporter)
        .build();
  }

  /** Whether a budget has not let the training be observed since the baseline. */
  private boolean waits() {
    return attachment.budget().isPresent() && observations.size() <= attachment.layers().size();
  }
}
