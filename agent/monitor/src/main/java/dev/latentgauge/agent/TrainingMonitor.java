package dev.latentgauge.agent;

import ai.djl.training.Trainer;
import ai.djl.training.listener.EarlyStoppingListener;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import ai.djl.training.listener.TrainingListener;
import dev.latentgauge.agent.Stopped.Best;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one training of DJL: measures its model every so often, against references or for
 * comparisons with other runs, reports, and stops it when it was asked to.
 *
 * <p>A monitor is a training listener. It measures on the training thread, between the updates: it
 * embeds its probe sets in evaluation mode, all layers in one forward pass, and compares. To other
 * steps it adds no more than a look at the clock, and to most of the fastest not even that, and it
 * changes nothing: weights, buffers, evaluators and random numbers are, bit for bit, those of a
 * training without it. Whatever goes wrong inside is counted, logged once and reported, and the
 * training goes on; a layer that cannot be measured several times in a row is not tried again
 * ({@link MonitorBuilder#switchOffAfter}). Reports leave on threads of their own. When the training
 * ends, the monitor waits for them, {@link MonitorBuilder#deliveryTimeout} at most.
 *
 * <p>The one exception that it throws into a training is DJL's {@link EarlyStoppedException}, and
 * that only where {@link MonitorBuilder#stopWhen} or {@link MonitorBuilder#obeyDirectives} asked
 * for it, without a {@link StopSignal}. A monitor that would have to watch what the training does
 * not have says so by an {@link IllegalArgumentException} when the trainer is made.
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

  private static final Logger LOG = LoggerFactory.getLogger(TrainingMonitor.class);

  private final String name;
  private final Cadence cadence;
  private final int rank;
  private final Optional<StopSignal> signal;
  private final boolean obeysDirectives;
  private final OncePerCause log = new OncePerCause(LOG);
  private final Measurer measurer;
  private final Stopping stopping;
  private final Reports reports;
  private final Stopwatch stopwatch;
  private final Looks looks;
  private final Progress progress;

  private volatile State state = State.NEW;
  private @Nullable Trainer trainer;
  private @Nullable Evaluations evaluations;
  private @Nullable Throwable cause;
  private @Nullable Stopped stopped;
  private boolean ignoredDirective;
  private boolean saidRestored;
  private long otherFailures;

  /** The step at which to look again at the clock, and at what the collector wants. */
  private long nextLook;

  private enum State {
    NEW,
    ATTACHED,
    ENDED
  }

  TrainingMonitor(
      MonitorBuilder builder, RunInfo run, List<Measurand> measurands, List<StoppingRule> rules) {
    this.name = run.name();
    this.cadence = builder.cadence;
    this.rank = builder.rank;
    this.signal = builder.signal;
    this.obeysDirectives = builder.obeysDirectives;
    this.measurer = new Measurer(name, measurands, builder.mostFailures, this::logOnce);
    this.stopping = new Stopping(rules, this::failed);
    this.stopwatch = new Stopwatch(builder.time);
    this.looks = stopwatch.looks();
    this.progress = new Progress(builder.state);
    this.reports = new Reports(builder, run, progress, stopwatch, this::failed);
  }

  /**
   * Starts a monitor.
   *
   * @param reference what to compare with; it must stay open as long as the training lasts
   * @return a builder, in which {@link MonitorBuilder#run} must be called
   */
  public static MonitorBuilder builder(Reference reference) {
    return new MonitorBuilder(reference);
  }

  /**
   * Starts a monitor that needs no reference: it reports what layers make of a probe set as
   * sketches, by which a collector compares runs with each other, see {@link
   * MonitorBuilder#sketches}.
   *
   * <p>Nothing is scored in the training itself then. There are no observations, so neither curves
   * nor metrics of scores, evaluators, speed and failures; what fails is said in the log alone, and
   * {@link EarlyStopping} can watch evaluators only. Whoever adds references by {@link
   * MonitorBuilder#reference} has all that of those, and the sketches as well. What the collector
   * wants done arrives with its answers to sketches, and so not where nothing could be sketched.
   *
   * @param probes what to embed; all runs that are to be compared need sets of equal fingerprints,
   *     as {@link ProbeSet#sample} makes them of equal data, numbers and seed. It must stay open as
   *     long as the training lasts
   * @return a builder, in which {@link MonitorBuilder#run}, {@link MonitorBuilder#layer} and {@link
   *     MonitorBuilder#reportTo} must be called
   */
  public static MonitorBuilder builder(ProbeSet probes) {
    return new MonitorBuilder(probes);
  }

  @Override
  public void onTrainingBegin(Trainer trainer) {
    if (state != State.NEW) {
      LOG.error(
          "the monitor of run {} is attached to a second trainer, which it ignores: every training"
              + " needs a monitor of its own",
          name);
      return;
    }
    if (rank != 0) {
      LOG.warn(
          "run {} is not monitored here, in process {} of a distributed training: process 0 does;"
              + " if this is a training of its own, call rank(0)",
          name,
          rank);
      state = State.ENDED;
      return;
    }
    Evaluations attached = Evaluations.of(trainer, this);
    stopping.attach(trainer, attached);
    this.evaluations = attached;
    this.trainer = trainer;
    state = State.ATTACHED;
    guarded(() -> stopwatch.start(progress.stepsBefore()));
  }

  @Override
  public void onTrainingBatch(Trainer trainer, BatchData batchData) {
    if (!isWatching(trainer)) {
      return;
    }
    looks.stepBegins();
    boolean isFirst = progress.batches() == 0;
    long steps = progress.batch();
    boolean isLook = steps >= nextLook;
    if (isLook) {
      looks.lookBegins();
    }
    boolean isDue =
        isFirst || ((isLook || !cadence.goesByClock()) && cadence.dueAfterSteps(steps, stopwatch));
    if (isDue && progress.isNewAt(steps)) {
      observe(trainer, steps, true, isFirst ? Moment.BASELINE : Moment.STEP);
    }
    if (isLook) {
      stopByDirective(steps);
      nextLook = steps + looks.lookEnds(steps);
    } else {
      looks.stepEnds();
    }
  }

  @Override
  public void onEpoch(Trainer trainer) {
    if (!isWatching(trainer)) {
      return;
    }
    progress.epoch();
    long steps = progress.steps();
    boolean isDue =
        progress.isFirstEpochWithoutBatches()
            || (progress.batches() == 0 && cadence.countsBatches())
            || cadence.dueAfterEpochs(progress.epochs(), stopwatch)
            || cadence.dueAfterSteps(steps, stopwatch);
    boolean measures = isDue && progress.isNewAt(steps);
    if (measures || stopping.watchesEvaluations()) {
      observe(trainer, steps, measures, Moment.EPOCH);
    }
    stopByDirective(steps);
  }

  @Override
  public void onValidationBatch(Trainer trainer, BatchData batchData) {
    progress.validated();
  }

  @Override
  public void onTrainingEnd(Trainer trainer) {
    if (this.trainer != trainer || state == State.ENDED) {
      return;
    }
    if (FinalizerThread.isCurrent()) {
      // On a thread of its own, as others wait for this one.
      new Thread(() -> abandon("its trainer was never closed"), "latentgauge-abandoned").start();
      return;
    }
    // Within an epoch it may have been broken off; but nothing is overwritten uncompared.
    if (!progress.isWithinAnEpoch() || stopping.restoresBest()) {
      observeEnd(trainer);
    }
    state = State.ENDED;
    if (cause == null || cause instanceof EarlyStoppedException) {
      guarded(this::restoreBestIfWanted);
    }
    if (cause == null && stopped == null) {
      guarded(stopping::sayWhatCouldNotStop);
    }
    guarded(measurer::close);
    guarded(stopping::close);
    guarded(() -> reports.begin(trainer));
    guarded(() -> reports.end(end()));
  }

  /** The last look at weights that nobody has put back yet; once. */
  private void observeEnd(Trainer trainer) {
    long steps = progress.steps();
    boolean isRegular = cause == null && stopped == null && steps > progress.stepsBefore();
    if (isRegular && progress.isNewAt(steps)) {
      guarded(() -> observe(trainer, steps, true, Moment.END));
    }
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
   * <p>Never throws. Of several exceptions the first counts. A stop by this monitor need not be
   * told.
   *
   * @param exception what ended the training
   */
  public void endedBy(Throwable exception) {
    if (state == State.ENDED) {
      LOG.warn(
          "run {} was ended by an exception, but was already reported as ended: endedBy must be"
              + " called before the trainer is closed",
          name,
          exception);
    } else if (cause == null) {
      cause = exception;
    }
  }

  /**
   * Says that the process ends while the training is under way: the run is reported as stopped, or
   * as failed by what {@link #endedBy} told, and what waits is delivered, as at the end of a
   * training; nothing is measured from then on, and no weights are put back. Can be called on any
   * thread, as that of a shutdown hook. Never throws.
   *
   * @param reason why it is not known how the training would have ended
   */
  public void abandon(String reason) {
    if (state == State.ATTACHED) {
      state = State.ENDED;
      boolean isKnown = cause != null || stopped != null;
      guarded(
          () -> reports.end(isKnown ? end() : new RunEnd(RunEnd.State.STOPPED, Reason.of(reason))));
    }
  }

  /**
   * Why this monitor stopped its training.
   *
   * @return the stop; absent if it has not stopped it
   */
  public Optional<Stopped> stopped() {
    return Optional.ofNullable(stopped);
  }

  /**
   * Puts the weights of the best check into the model, as it also happens on a stop and when the
   * trainer is closed: to be called by a loop that saves its model before it closes the trainer,
   * after its last update. The weights as they are then are measured first, as they may be the
   * best. Must be called on the training thread.
   *
   * @return the check whose weights the model now has; absent if the weights stay as they are,
   *     because nothing has been checked, or the weights of the best check are not there, or what
   *     is watched could not be measured to the end (the log says which), or because the trainer is
   *     closed
   * @throws IllegalStateException if no {@link EarlyStopping} was asked to restore the best
   */
  public Optional<Best> restoreBest() {
    if (!stopping.restoresBest()) {
      throw new IllegalStateException(
          "the best weights can be restored only if they are kept: call restoreBest(true) on the"
              + " EarlyStopping of this monitor");
    }
    if (state != State.ATTACHED || trainer == null) {
      return Optional.empty();
    }
    observeEnd(trainer);
    return stopping.restoreBest(measurer::isOn);
  }

  /**
   * Where the monitor is, for another process to go on from: see {@link MonitorBuilder#resume}.
   * Must be called on the training thread.
   *
   * @return the state after the last event
   */
  public MonitorState state() {
    return MonitorState.of(progress.steps(), progress.epochs(), stopping.state());
  }

  private boolean isWatching(Trainer trainer) {
    return state == State.ATTACHED && this.trainer == trainer;
  }

  /** Makes the training wait while it is looked at, and stops it if that is what comes of it. */
  private void observe(Trainer trainer, long steps, boolean measures, Moment moment) {
    boolean isMeasured = measures && !measurer.isOff();
    List<Stopped> stops = new ArrayList<>();
    stopwatch.pause(steps);
    if (isMeasured) {
      List<Sample> samples = measure(trainer, steps, moment);
      // What has not been trained yet cannot be the best, and nothing to improve on.
      if (moment != Moment.BASELINE) {
        guarded(
            () ->
                stopping
                    .afterMeasurement(trainer, steps, progress.epochs(), samples)
                    .ifPresent(stops::add));
      }
    }
    if (moment == Moment.EPOCH) {
      guarded(() -> judgeEpoch(trainer).ifPresent(stops::add));
    }
    stopwatch.resume(isMeasured);
    if (stopped == null && moment != Moment.END && !stops.isEmpty()) {
      stop(stops.get(0));
    }
  }

  private List<Sample> measure(Trainer trainer, long steps, Moment moment) {
    guarded(() -> reports.begin(trainer));
    Measurer.Measured first = measurer.measure(trainer);
    boolean isRepeated =
        moment == Moment.BASELINE && cadence.budgetRatio().isPresent() && measurer.failures() == 0;
    if (isRepeated) {
      stopwatch.repeat();
    }
    Measurer.Measured measured = isRepeated ? measurer.measure(trainer) : first;
    List<Sample> samples = measured.samples();
    stopwatch.measured();
    guarded(
        () ->
            reports.add(
                trainer, steps, samples, evaluations(moment), measurer.failures() + otherFailures));
    guarded(() -> reports.add(steps, measured.sketches()));
    return samples;
  }

  private Optional<Stopped> judgeEpoch(Trainer trainer) {
    return stopping.afterEpoch(trainer, progress, evaluations(Moment.EPOCH));
  }

  private Map<String, Float> evaluations(Moment moment) {
    Evaluations known = Objects.requireNonNull(evaluations);
    return moment == Moment.EPOCH ? known.ofEndingEpoch() : known.latest();
  }

  private void stopByDirective(long steps) {
    Optional<Directive> directive = reports.stopDirective();
    if (directive.isEmpty() || stopped != null) {
      return;
    }
    if (obeysDirectives) {
      stop(stopping.byDirective(directive.get().reason(), steps, progress.epochs()));
    } else if (!ignoredDirective) {
      ignoredDirective = true;
      LOG.warn(
          "the collector wants run {} stopped{}; it goes on, as it was not told to obey",
          name,
          directive.get().reason().isEmpty() ? "" : " (" + directive.get().reason() + ")");
    }
  }

  /** Throws DJL's exception, unless a signal is raised in its place. */
  private void stop(Stopped reason) {
    stopped = reason;
    LOG.info("run {} is stopped at step {}: {}", name, reason.step(), reason.reason());
    if (signal.isPresent()) {
      signal.get().raise(reason);
      return;
    }
    guarded(this::restoreBestIfWanted);
    EarlyStoppedException exception =
        new EarlyStoppedException((int) reason.epoch(), reason.reason());
    cause = exception;
    throw exception;
  }

  private void restoreBestIfWanted() {
    if (stopping.restoresBest()) {
      Optional<Best> restored = stopping.restoreBest(measurer::isOn);
      if (restored.isPresent() && !saidRestored) {
        saidRestored = true;
        LOG.info(
            "run {} has the weights of step {}, where {} was {}",
            name,
            restored.get().step(),
            restored.get().watched(),
            restored.get().value());
      }
    }
  }

  /** How the training ended, as far as that is known. */
  private RunEnd end() {
    boolean wentOn = stopped != null && progress.epochs() > stopped.epoch() + 1;
    if (cause != null && !(cause instanceof EarlyStoppedException)) {
      return new RunEnd(RunEnd.State.FAILED, Reason.of(cause.toString()));
    } else if (stopped != null && !wentOn) {
      return new RunEnd(RunEnd.State.STOPPED, Reason.of(stopped.reason()));
    } else if (cause != null) {
      return new RunEnd(RunEnd.State.STOPPED, Reason.of(String.valueOf(cause.getMessage())));
    } else if (progress.isWithinAnEpoch()) {
      return new RunEnd(
          RunEnd.State.STOPPED,
          "the trainer was closed within an epoch, "
              + progress.batchesOfPartEpoch()
              + " batches after the end of epoch "
              + progress.epochs());
    }
    return new RunEnd(RunEnd.State.COMPLETED, "");
  }

  /** Runs something that must not reach the training whatever becomes of it, errors included. */
  private void guarded(Runnable action) {
    try {
      action.run();
    } catch (Throwable e) {
      failed(e);
    }
  }

  private void failed(Throwable failure) {
    otherFailures++;
    logOnce(failure);
  }

  private void logOnce(Throwable failure) {
    log.warn("something failed in the monitor of run " + name + "; the training goes on", failure);
  }

  /** When a training is looked at. */
  private enum Moment {
    /** Before its first update. */
    BASELINE,
    /** Between two updates. */
    STEP,
    /** At the end of an epoch. */
    EPOCH,
    /** When its trainer is closed. */
    END
  }
}
