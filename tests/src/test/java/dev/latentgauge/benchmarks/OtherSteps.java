package dev.latentgauge.benchmarks;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * How long steps take at which nothing is measured, with a monitor by without.
 *
 * <p>The arrays of a training lie where they lie for as long as it lasts, so that one of two
 * trainings is faster by some percent whichever of them has the monitor. So both begin anew a few
 * times, and whose arrays are made first takes turns; and how far two trainings without a monitor
 * differ tells how far this can see.
 */
final class OtherSteps {

  private final TrainedModel trained;
  private final Optional<Attachment> attachment;
  private final Reference reference;
  private final List<NDList> data;
  private final double seconds;

  private OtherSteps(
      TrainedModel trained,
      Optional<Attachment> attachment,
      Reference reference,
      List<NDList> data,
      double seconds) {
    this.trained = trained;
    this.attachment = attachment;
    this.reference = reference;
    this.data = data;
    this.seconds = seconds;
  }

  /**
   * Trains, and answers a ratio for each start.
   *
   * @param attachment of the monitor; empty for two trainings without one
   * @param starts how often both trainings begin anew; even, for each to be the first as often
   * @param seconds of both trainings together, of all starts
   */
  static List<Double> run(
      TrainedModel trained,
      int probes,
      Optional<Attachment> attachment,
      int starts,
      double seconds) {
    List<Double> ratios = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager();
        ProbeSet inputs = TrainedModel.probes(manager, probes);
        Reference reference = MonitoredTraining.reference(trained, inputs)) {
      OtherSteps other =
          new OtherSteps(
              trained, attachment, reference, TrainedModel.data(manager), seconds / starts);
      for (int start = 0; start < starts; start++) {
        ratios.add(other.ratio(start % 2 == 0));
      }
    }
    return ratios;
  }

  private double ratio(boolean isMonitoredFirst) {
    List<Observation> observations = Collections.synchronizedList(new ArrayList<>());
    Overhead overhead =
        MonitoredTraining.compared(
            trained,
            data,
            time -> monitor(time, observations),
            observations,
            isMonitoredFirst,
            seconds,
            () -> false);
    return Quantiles.median(overhead.ratiosBetweenObservations());
  }

  private TrainingListener monitor(OwnTime time, List<Observation> observations) {
    return attachment
        .<TrainingListener>map(
            known ->
                MonitoredTraining.monitor(
                    known, reference, time, (run, observed) -> observations.addAll(observed)))
        .orElseGet(() -> new TrainingListenerAdapter() {});
  }
}
