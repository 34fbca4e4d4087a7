package dev.latentgauge.agent;

import ai.djl.training.Trainer;
import dev.latentgauge.agent.report.LayerSketch;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.Observation.AgentState;
import dev.latentgauge.observation.Observation.TrainingState;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.reference.Reading;
import dev.latentgauge.reference.Reference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What a monitor has to say of its run, on its way to all reporters. The training never waits for
 * it, but at its end.
 */
final class Reports {

  private final List<ReportQueue> queues;
  private final TimeSource time;
  private final Duration deliveryTimeout;
  private final OptionalDouble budget;
  private final Progress progress;
  private final Stopwatch stopwatch;
  private final Consumer<Throwable> failed;
  private final DeviceMemory memory = new DeviceMemory();
  private RunInfo run;
  private boolean begun;

  Reports(
      MonitorBuilder builder,
      RunInfo run,
      Progress progress,
      Stopwatch stopwatch,
      Consumer<Throwable> failed) {
    this.queues = builder.reporters().stream().map(ReportQueue::new).toList();
    this.time = builder.time;
    this.deliveryTimeout = builder.deliveryTimeout;
    this.budget = builder.cadence.budgetRatio();
    this.run = run;
    this.progress = progress;
    this.stopwatch = stopwatch;
    this.failed = failed;
  }

  /** Begins as late as possible, as more is known of the run then; once. */
  void begin(Trainer trainer) {
    if (begun) {
      return;
    }
    begun = true;
    try {
      run = RunFacts.complete(run, trainer, time.instant());
    } catch (Throwable e) {
      failed.accept(e);
    }
    queues.forEach(queue -> queue.begin(run));
  }

  /**
   * Reports what was measured.
   *
   * @param steps updates of the weights that were measured
   * @param evaluations of which those that are not finite are left out
   * @param failures how much has failed so far
   */
  void add(
      Trainer trainer,
      long steps,
      List<Sample> samples,
      Map<String, Float> evaluations,
      long failures) {
    Map<String, Double> finite = finite(evaluations);
    TrainingState training =
        new TrainingState(
            progress.batches() > 0 ? stopwatch.stepsPerSecond() : OptionalDouble.empty(),
            memory.used(trainer.getDevices()[0]));
    AgentState agent = new AgentState(failures, spooled(), dropped());
    for (Sample sample : samples) {
      Observation observation =
          measured(steps, sample).evaluations(finite).training(training).agent(agent).build();
      queues.forEach(queue -> queue.add(observation));
    }
  }

  /**
   * Reports what layers make of probe sets.
   *
   * @param steps updates of the weights that were measured
   */
  void add(long steps, List<Measurer.Sketched> sketches) {
    for (Measurer.Sketched sketched : sketches) {
      LayerSketch sketch =
          new LayerSketch(
              sketched.target().layer().name(),
              sketched.target().probes().fingerprint(),
              steps,
              progress.epochs(),
              time.instant(),
              sketched.sketch());
      queues.forEach(queue -> queue.add(sketch));
    }
  }

  private static Map<String, Double> finite(Map<String, Float> evaluations) {
    Map<String, Double> finite = new TreeMap<>();
    evaluations.forEach(
        (name, value) -> {
          if (Float.isFinite(value) && finite.size() < Observation.MOST_EVALUATIONS) {
            finite.put(name, (double) value);
          }
        });
    return finite;
  }

  private Observation.Builder measured(long steps, Sample sample) {
    Reference reference = sample.target().reference();
    Reading reading = sample.reading();
    Observation.Key key =
        new Observation.Key(run.attempt(), sample.target().layer().name(), reference.id(), steps);
    return Observation.builder(
            key, time.instant(), reference.profile().toString(), reading.measurement().outcome())
        .scoreFloor(reading.scoreFloor())
        .scoreCeiling(reading.scoreCeiling())
        .gaugedScore(reading.gaugedScore())
        .predictedAccuracy(reading.predictedAccuracyAt(steps))
        .companions(reading.companions())
        .epoch((double) progress.epochs())
        .probeSeconds(stopwatch.lastMeasurement())
        .overheadRatio(stopwatch.overheadRatio())
        .overheadBudgetRatio(budget);
  }

  /** Ends the run, and waits until that is delivered, but no longer than is allowed. */
  void end(RunEnd end) {
    queues.forEach(queue -> queue.end(end.ofAttempt(run.attempt())));
    ReportQueue.awaitDelivery(queues, deliveryTimeout, time);
  }

  private long spooled() {
    return queues.stream().mapToLong(ReportQueue::spooled).sum();
  }

  private long dropped() {
    return queues.stream().mapToLong(ReportQueue::dropped).sum();
  }

  /** That the training should stop, if somebody who is reported to has said so. */
  Optional<Directive> stopDirective() {
    for (ReportQueue queue : queues) {
      Optional<Directive> directive = queue.directive();
      if (directive.isPresent() && directive.get().stops()) {
        return directive;
      }
    }
    return Optional.empty();
  }
}
