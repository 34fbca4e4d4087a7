package dev.latentgauge.agent.attach;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.training.Trainer;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import dev.latentgauge.agent.FinalizerThread;
import dev.latentgauge.agent.TrainingMonitor;
import java.io.IOException;
import java.util.HashMap;
import java.util.Optional;

/**
 * A training with a monitor that it does not know.
 *
 * <p>The monitor is told of an update by the update itself, not by the listeners' batches: a loop
 * that somebody has written need not tell listeners of anything, and one that gathers the gradients
 * of several batches has fewer updates than batches. It is made with the first update, so that a
 * trainer which only evaluates is no run.
 */
final class MonitoredTraining implements AttachedTraining {

  private static final BatchData NO_BATCH = new BatchData(null, new HashMap<>(), new HashMap<>());

  private final Monitors monitors;
  private final Epochs epochs = new Epochs();
  private boolean hasBegun;
  private volatile Optional<TrainingMonitor> monitor = Optional.empty();
  private volatile Optional<Throwable> failure = Optional.empty();

  /**
   * Starts one.
   *
   * @throws IllegalArgumentException if the model cannot be monitored
   * @throws IOException if a reference cannot be read
   */
  MonitoredTraining(Monitors monitors, Model model) throws IOException {
    this.monitors = monitors;
    monitors.check(model);
  }

  @Override
  public void onTrainingBegin(Trainer trainer) {}

  @Override
  public void passBegins() {
    epochs.passBegins();
  }

  @Override
  public void evaluates(NDList inputs) {
    epochs.evaluates();
  }

  @Override
  public void stepBegins(Trainer trainer) throws IOException {
    failure = Optional.empty();
    if (!hasBegun) {
      hasBegun = true;
      monitor = Optional.of(monitors.attach(trainer));
    }
    boolean epochHasEnded = epochs.stepBegins();
    if (monitor.isPresent()) {
      if (epochHasEnded) {
        monitor.get().onEpoch(trainer);
      }
      monitor.get().onTrainingBatch(trainer, NO_BATCH);
    }
  }

  @Override
  public void onEpoch(Trainer trainer) {
    epochs.told();
    monitor.ifPresent(known -> known.onEpoch(trainer));
  }

  @Override
  public void onValidationBatch(Trainer trainer, BatchData batch) {
    monitor.ifPresent(known -> known.onValidationBatch(trainer, batch));
  }

  @Override
  public void onTrainingEnd(Trainer trainer) {
    Optional<TrainingMonitor> ending = monitor;
    monitor = Optional.empty();
    if (ending.isPresent()) {
      failure.ifPresent(ending.get()::endedBy);
      if (epochs.trainingEnds() && !FinalizerThread.isCurrent()) {
        endLastEpoch(ending.get(), trainer);
      }
      ending.get().onTrainingEnd(trainer);
    }
  }

  /** The training is over: it cannot be stopped any more. */
  private static void endLastEpoch(TrainingMonitor monitor, Trainer trainer) {
    if (monitor.stopped().isEmpty()) {
      try {
        monitor.onEpoch(trainer);
      } catch (EarlyStoppedException e) {
        // It has come to its end by itself.
      }
    }
  }

  @Override
  public boolean fitBegins() {
    epochs.fitBegins();
    return monitor.flatMap(TrainingMonitor::stopped).isEmpty();
  }

  @Override
  public void fitEnds() {
    epochs.fitEnds();
  }

  @Override
  public boolean endsQuietly(Throwable exception) {
    epochs.fitEnds();
    if (exception instanceof EarlyStoppedException
        && monitor.flatMap(TrainingMonitor::stopped).isPresent()) {
      return true;
    }
    // The program may catch it, and try again.
    failure = Optional.of(exception);
    return false;
  }

  @Override
  public void processEnds() {
    Optional<TrainingMonitor> ending = monitor;
    if (ending.isPresent()) {
      failure.ifPresent(ending.get()::endedBy);
      ending.get().abandon("the process ended before its trainer was closed");
    }
  }
}
