package dev.latentgauge.benchmarks;

import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.latentgauge.agent.TimeSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Times from outside how long a training waits for its monitor, batch by batch and at its end.
 *
 * <p>What it adds itself, two looks at a clock a batch, counts as waiting; around a listener that
 * does nothing it tells how much that is.
 */
final class TimedListener extends TrainingListenerAdapter {

  private final TrainingListener monitor;
  private final TimeSource time;
  private final List<Long> waits = new ArrayList<>();
  private long baselineEnd;
  private long waitAtEnd;

  TimedListener(TrainingListener monitor, TimeSource time) {
    this.monitor = monitor;
    this.time = time;
  }

  @Override
  public void onTrainingBegin(Trainer trainer) {
    monitor.onTrainingBegin(trainer);
  }

  @Override
  public void onTrainingBatch(Trainer trainer, BatchData batchData) {
    long from = time.nanoTime();
    monitor.onTrainingBatch(trainer, batchData);
    long to = time.nanoTime();
    if (waits.isEmpty()) {
      baselineEnd = to;
    }
    waits.add(to - from);
  }

  @Override
  public void onTrainingEnd(Trainer trainer) {
    long from = time.nanoTime();
    monitor.onTrainingEnd(trainer);
    waitAtEnd = time.nanoTime() - from;
  }

  /** Nanoseconds in the monitor, the k-th entry after k updates. */
  List<Long> waits() {
    return waits;
  }

  /** Nanoseconds in the monitor when the trainer was closed, delivery of reports included. */
  long waitAtEnd() {
    return waitAtEnd;
  }

  /** When the baseline was made, from which on a monitor counts. */
  long baselineEnd() {
    return baselineEnd;
  }
}
