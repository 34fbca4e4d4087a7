package dev.latentgauge.agent;

import ai.djl.training.Trainer;
import ai.djl.training.listener.EarlyStoppingListener;
import ai.djl.training.listener.TrainingListener;
import dev.latentgauge.agent.report.LogReporter;
import dev.latentgauge.agent.report.Reporter;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reading;
import dev.latentgauge.reference.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one training of DJL: measures its model against a reference every so often, and reports.
 *
 * <p>A monitor is a training listener. It measures on the training thread, between the updates: it
 * embeds the reference's probe set in evaluation mode, and compares. It adds nothing to other
 * steps, and it changes nothing: weights, buffers, evaluators and random numbers are, bit for bit,
 * those of a training without it. Whatever goes wrong inside is counted, logged once and reported,
 * and the training goes on; after {@value #MOST_FAILURES_IN_A_ROW} failures in a row the monitor
 * switches itself off. Reports leave on threads of their own. When the training ends, the monitor
 * waits for them, {@link Builder#deliveryTimeout} at most.
 *
 * <p>A monitor serves one trainer, from its construction to its {@code close}; another training
 * needs another monitor. A step is an update of the weights: the batch that calls {@link
 * #onTrainingBatch} for the k-th time is measured with the k-1 updates before it. (The running
 * means of a batch normalisation have by then seen batch k as well; at the end of an epoch they
 * have not.) Of a loop that calls {@link #onEpoch} but never {@link #onTrainingBatch}, the number
 * of updates is not known: it is measured after its epochs only, without a baseline, and its steps
 * count epochs instead.
 */
public final class TrainingMonitor implements TrainingListener {

  static final int MOST_FAILURES_IN_A_ROW = 3;
  private static final Duration LONGEST_DELIVERY_TIMEOUT = Duration.ofDays(1);
  private static final int LONGEST_REASON = 500;

  private static final Logger LOG = LoggerFactory.getLogger(TrainingMonitor.class);

  private final Reference reference;
  private final ProbeSet probes;
  private final Layer layer;
  private final Cadence cadence;
  private final TimeSource time;
  private final Duration deliveryTimeout;
  private final List<ReportQueue> queues;
  private final OncePerCause log = new OncePerCause(LOG);
  private final Stopwatch stopwatch;

  private RunInfo run;
  private @Nullable Trainer trainer;
  private @Nullable ProbePass pass;
  private State state = State.NEW;
  private long batches;
  private long epochs;
  private long batchesInWholeEpochs;
  private @Nullable Throwable cause;
  private long measuredAt = -1;
  private long failures;
  private int failuresInARow;

  private enum State {
    NEW,
    ATTACHED,
    OFF,
    ENDED
  }

  private TrainingMonitor(Builder builder, ProbeSet probes, RunInfo run, Layer layer) {
    this.reference = builder.reference;
    this.probes = probes;
    this.layer = layer;
    this.cadence = builder.cadence;
    this.run = run;
    this.time = builder.time;
    this.deliveryTimeout = builder.deliveryTimeout;
    this.stopwatch = new Stopwatch(builder.time);
    List<Reporter> reporters =
        builder.reporters.isEmpty() ? List.of(LogReporter.create()) : builder.reporters;
    this.queues = reporters.stream().map(ReportQueue::new).toList();
  }

  /**
   * Starts a monitor.
   *
   * @param reference what to compare with; it must stay open as long as the training lasts
   * @return a builder, in which {@link Builder#run} must be called
   */
  public static Builder builder(Reference reference) {
    return new Builder(reference);
  }

  @Override
  public void onTrainingBegin(Trainer trainer) {
    if (state != State.NEW) {
      LOG.error(
          "the monitor of run {} is attached to a second trainer, which it ignores: every training"
              + " needs a monitor of its own",
          run.name());
      return;
    }
    this.trainer = trainer;
    state = State.ATTACHED;
    guarded(
        () -> {
          run = completed(run, trainer);
          stopwatch.start();
          queues.forEach(queue -> queue.begin(run));
        });
  }

  private RunInfo completed(RunInfo run, Trainer trainer) {
    RunInfo started = run.startedAt().isPresent() ? run : run.withStartedAt(time.instant());
    String model = trainer.getModel().getName();
    return run.model().isPresent() || model == null ? started : started.withModel(model);
  }

  @Override
  public void onTrainingBatch(Trainer trainer, BatchData batchData) {
    if (isWatching(trainer)) {
      long steps = batches++;
      if (steps == 0 || cadence.dueAfterSteps(steps)) {
        measure(trainer, steps);
      }
    }
  }

  @Override
  public void onEpoch(Trainer trainer) {
    if (isWatching(trainer)) {
      epochs++;
      batchesInWholeEpochs = batches;
      if (cadence.dueAfterEpochs(epochs) || cadence.dueAfterSteps(batches)) {
        measure(trainer, stepsSoFar());
      }
    }
  }

  /** Updates so far; in a loop that does not tell of its batches, epochs. */
  private long stepsSoFar() {
    return batches > 0 ? batches : epochs;
  }

  @Override
  public void onValidationBatch(Trainer trainer, BatchData batchData) {
    // Validation changes nothing that is measured.
  }

  @Override
  public void onTrainingEnd(Trainer trainer) {
    if (this.trainer != trainer || state == State.ENDED) {
      return;
    }
    if (state == State.ATTACHED && stepsSoFar() > 0 && cause == null && !isWithinAnEpoch()) {
      measure(trainer, stepsSoFar());
    }
    state = State.ENDED;
    if (pass != null) {
      guarded(pass::close);
    }
    guarded(
        () -> {
          RunEnd end = end().ofAttempt(run.attempt());
          queues.forEach(queue -> queue.end(end));
          long deadline = time.nanoTime() + deliveryTimeout.toNanos();
          queues.forEach(
              queue ->
                  queue.awaitDelivery(
                      Duration.ofNanos(deadline - time.nanoTime()), deliveryTimeout));
        });
  }

  /**
   * Says that the training was ended by an exception, which is otherwise not known here: the run is
   * then reported as failed, or as stopped if the exception is the one by which DJL's {@link
   * EarlyStoppingListener} stops.
   *
   * <p>It must be called before the trainer is closed, which is when the end is reported; so in a
   * {@code catch} inside the {@code try} that closes the trainer, not in one that belongs to it:
   *
   * <pre>{@code
   * try (Trainer trainer = model.newTrainer(config)) {
   *   try {
   *     EasyTrain.fit(trainer, epochs, dataset, null);
   *   } catch (RuntimeException e) {
   *     monitor.endedBy(e);
   *     throw e;
   *   }
   * }
   * }</pre>
   *
   * <p>Never throws. Of several exceptions the first counts.
   *
   * @param exception what ended the training
   */
  public void endedBy(Throwable exception) {
    if (state == State.ENDED) {
      LOG.warn(
          "run {} was ended by an exception, but was already reported as ended: endedBy must be"
              + " called before the trainer is closed",
          run.name(),
          exception);
    } else if (cause == null) {
      cause = exception;
    }
  }

  /** How the training ended, as far as that is known. */
  private RunEnd end() {
    if (cause instanceof EarlyStoppingListener.EarlyStoppedException) {
      return new RunEnd(RunEnd.State.STOPPED, shortened(String.valueOf(cause.getMessage())));
    } else if (cause != null) {
      return new RunEnd(RunEnd.State.FAILED, shortened(cause.toString()));
    } else if (isWithinAnEpoch()) {
      return new RunEnd(
          RunEnd.State.STOPPED,
          "the trainer was closed within an epoch, "
              + (batches - batchesInWholeEpochs)
              + " batches after the end of epoch "
              + epochs);
    }
    return new RunEnd(RunEnd.State.COMPLETED, "");
  }

  /** Whether batches came after an epoch; a loop that tells of no epoch has none to be within. */
  private boolean isWithinAnEpoch() {
    return epochs > 0 && batches > batchesInWholeEpochs;
  }

  private static String shortened(String text) {
    return text.substring(0, Math.min(text.length(), LONGEST_REASON));
  }

  private boolean isWatching(Trainer trainer) {
    return state == State.ATTACHED && this.trainer == trainer;
  }

  private void measure(Trainer trainer, long steps) {
    if (measuredAt == steps) {
      return;
    }
    measuredAt = steps;
    stopwatch.pause(steps);
    Reading reading = reading(trainer);
    stopwatch.measured();
    guarded(() -> report(observation(trainer, steps, reading)));
    stopwatch.resume();
    if (failuresInARow == MOST_FAILURES_IN_A_ROW) {
      state = State.OFF;
      LOG.error(
          "the monitor of run {} switched itself off after {} failures in a row; the training is"
              + " not affected",
          run.name(),
          failuresInARow);
    }
  }

  /** What was measured; that nothing could be is a reading too. */
  private Reading reading(Trainer trainer) {
    try {
      if (pass == null) {
        pass = ProbePass.on(trainer, reference, probes, layer);
      }
      Reading reading = pass.measure(trainer.getModel().getBlock());
      failuresInARow = 0;
      return reading;
    } catch (Throwable e) {
      failuresInARow++;
      failed(e);
      return Reading.undefined(shortened("the measurement failed: " + e));
    }
  }

  private Observation observation(Trainer trainer, long steps, Reading reading) {
    Observation.Key key = new Observation.Key(run.attempt(), layer.name(), reference.id(), steps);
    return Observation.builder(
            key, time.instant(), reference.profile().toString(), reading.measurement().outcome())
        .gaugedScore(reading.gaugedScore())
        .predictedAccuracy(reading.predictedAccuracyAt(steps))
        .companions(reading.companions())
        .epoch((double) epochs)
        .probeSeconds(stopwatch.lastPause())
        .overheadRatio(stopwatch.overheadRatio())
        .evaluations(evaluations(trainer))
        .training(new Observation.TrainingState(stepsPerSecond(), OptionalDouble.empty()))
        .agent(new Observation.AgentState(failures, 0, dropped()))
        .build();
  }

  private OptionalDouble stepsPerSecond() {
    return batches > 0 ? stopwatch.stepsPerSecond() : OptionalDouble.empty();
  }

  private static Map<String, Double> evaluations(Trainer trainer) {
    Map<String, Double> evaluations = new TreeMap<>();
    trainer
        .getTrainingResult()
        .getEvaluations()
        .forEach(
            (name, value) -> {
              boolean known = value != null && Float.isFinite(value);
              if (known && evaluations.size() < Observation.MOST_EVALUATIONS) {
                evaluations.put(name, (double) value);
              }
            });
    return evaluations;
  }

  private void report(Observation observation) {
    queues.forEach(queue -> queue.add(observation));
  }

  private long dropped() {
    return queues.stream().mapToLong(ReportQueue::dropped).sum();
  }

  /** Runs something that must not reach the training whatever becomes of it, errors included. */
  private void guarded(Runnable action) {
    try {
      action.run();
    } catch (Throwable e) {
      failed(e);
    }
  }

  private void failed(Throwable cause) {
    failures++;
    log.warn(
        "something failed in the monitor of run " + run.name() + "; the training goes on", cause);
  }

  /** Collects the settings of a monitor. */
  public static final class Builder {

    private final Reference reference;
    private final List<Reporter> reporters = new ArrayList<>();
    private Cadence cadence = Cadence.everyEpochs(1);
    private Duration deliveryTimeout = Duration.ofSeconds(5);
    private TimeSource time = TimeSource.system();
    private @Nullable Layer layer;
    private @Nullable RunInfo run;

    private Builder(Reference reference) {
      this.reference = reference;
    }

    /**
     * Sets the layer to embed with.
     *
     * @param layer a layer of the model that will be trained; unless set, the one of the reference
     * @return this builder
     */
    public Builder layer(Layer layer) {
      this.layer = layer;
      return this;
    }

    /**
     * Sets when to measure.
     *
     * @param cadence unless set, after every epoch
     * @return this builder
     */
    public Builder cadence(Cadence cadence) {
      this.cadence = cadence;
      return this;
    }

    /**
     * Sets which run this is. When it started and the name of the model are filled in.
     *
     * @param run the run
     * @return this builder
     */
    public Builder run(RunInfo run) {
      this.run = run;
      return this;
    }

    /**
     * Adds a place to report to.
     *
     * @param reporter used by this monitor until the training ends; unless one is added, reports go
     *     to the log
     * @return this builder
     */
    public Builder reportTo(Reporter reporter) {
      reporters.add(reporter);
      return this;
    }

    /**
     * Sets how long the end of the training may wait for reports that have not left yet.
     *
     * @param timeout from 0 to a day; unless set, 5 seconds
     * @return this builder
     */
    public Builder deliveryTimeout(Duration timeout) {
      this.deliveryTimeout = timeout;
      return this;
    }

    /**
     * Sets the clock.
     *
     * @param time unless set, the clocks of this machine
     * @return this builder
     */
    public Builder timeSource(TimeSource time) {
      this.time = time;
      return this;
    }

    /**
     * Makes the monitor.
     *
     * @return a monitor to add to the listeners of one training
     * @throws IllegalArgumentException if settings are missing or not allowed, naming all of them
     */
    public TrainingMonitor build() {
      List<String> mistakes = new ArrayList<>();
      if (run == null) {
        mistakes.add("run(...) must say which run this is, but was not called");
      }
      if (deliveryTimeout.isNegative() || deliveryTimeout.compareTo(LONGEST_DELIVERY_TIMEOUT) > 0) {
        mistakes.add(
            "deliveryTimeout must be from 0 to "
                + LONGEST_DELIVERY_TIMEOUT
                + ", but is "
                + deliveryTimeout);
      }
      Layer chosen = layer;
      if (chosen == null) {
        chosen = reference.provenance().layer().map(Layer::named).orElse(null);
      }
      if (chosen == null) {
        mistakes.add("layer(...) must say which layer to embed with, as the reference does not");
      }
      ProbeSet probes = reference.probes().orElse(null);
      if (probes == null) {
        mistakes.add(
            "the reference must know its inputs, but "
                + reference.id()
                + " was made from embeddings alone");
      }
      if (probes == null || chosen == null || run == null || !mistakes.isEmpty()) {
        throw new IllegalArgumentException(
            "the monitor cannot be built: " + String.join("; ", mistakes));
      }
      return new TrainingMonitor(this, probes, run, chosen);
    }
  }
}
