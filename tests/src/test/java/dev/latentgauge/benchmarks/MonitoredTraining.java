package dev.latentgauge.benchmarks;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.listener.TrainingListener;
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
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

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
      return compared(
          trained,
          TrainedModel.data(manager),
          time -> monitor(attachment, reference, time, this::report),
          observations,
          true,
          seconds,
          this::waits);
    }
  }

  /**
   * Compares a training with a monitor with one without, which take turns.
   *
   * @param monitor made for the clock of its training
   * @param observations those of the monitor, which go on to be made
   * @param isMonitoredFirst whether its arrays are made first, or those of the other
   * @param seconds of both together
   * @param waits whether they are to go on nevertheless
   */
  static Overhead compared(
      TrainedModel trained,
      List<NDList> data,
      Function<OwnTime, TrainingListener> monitor,
      List<Observation> observations,
      boolean isMonitoredFirst,
      double seconds,
      BooleanSupplier waits) {
    OwnTime time = new OwnTime();
    TimedListener listener = new TimedListener(monitor.apply(time), time);
    OwnTime timeWithout = new OwnTime();
    TimedListener nothing = new TimedListener(new TrainingListenerAdapter() {}, timeWithout);
    Supplier<TrainingArm> with = () -> new TrainingArm("with", trained, data, time, listener);
    Supplier<TrainingArm> without =
        () -> new TrainingArm("without", trained, data, timeWithout, nothing);
    List<Interleaving.Round> rounds;
    List<Long> steps;
    try (TrainingArm first = (isMonitoredFirst ? with : without).get();
        TrainingArm second = (isMonitoredFirst ? without : with).get()) {
      TrainingArm monitored = isMonitoredFirst ? first : second;
      rounds = Interleaving.run(isMonitoredFirst ? second : first, monitored, seconds, waits);
      steps = monitored.steps();
    }
    return Overhead.of(rounds, steps, listener, nothing, time.nanoTime(), observations);
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

  /** A monitor that is attached in such a way. */
  static TrainingMonitor monitor(
      Attachment attachment, Reference reference, TimeSource time, Reporter reporter) {
    MonitorBuilder builder = TrainingMonitor.builder(reference);
    attachment.layers().forEach(builder::layer);
    return builder
        .cadence(attachment.cadence())
        .run(RunInfo.named("overhead"))
        .timeSource(time)
        .reportTo(reporter)
        .build();
  }

  private void report(RunInfo run, List<Observation> observed) {
    observations.addAll(observed);
  }

  /** Whether a budget has not let the training be observed since the baseline. */
  private boolean waits() {
    return attachment.budget().isPresent() && observations.size() <= attachment.layers().size();
  }
}
