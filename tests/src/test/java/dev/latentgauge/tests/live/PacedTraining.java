package dev.latentgauge.tests.live;

import ai.djl.Model;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import ai.djl.training.listener.TrainingListener;
import ai.djl.translate.TranslateException;
import dev.latentgauge.agent.Cadence;
import dev.latentgauge.agent.TrainingMonitor;
import dev.latentgauge.agent.report.CollectorReporter;
import dev.latentgauge.observation.RunInfo;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A real training, monitored as users do it, which goes on when it is told to: an observation
 * before its first step, and one after each epoch. What it reports is on its way when a method
 * returns, and there when it has ended.
 *
 * <p>It trains on a thread of its own, one call at a time.
 */
public final class PacedTraining implements AutoCloseable {

  private static final float RATE = 0.0005f;
  private static final int SEED = 7;

  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final ImageReference reference;
  private final TrainingMonitor monitor;
  private final Model model;
  private final Trainer trainer;
  private boolean stopped;

  private PacedTraining(ImageReference reference, URI collector, RunInfo run) {
    this.reference = reference;
    monitor =
        TrainingMonitor.builder(reference.reference())
            .layer(ImageReference.ENCODER)
            .cadence(Cadence.everyEpochs(1))
            .run(run)
            .reportTo(CollectorReporter.builder(collector).withoutSpool().build())
            .obeyDirectives(true)
            .build();
    model = ImageReference.model("mlp", SEED);
    trainer = await(() -> ImageReference.initialized(model, config()));
  }

  /** Begins one; the collector hears of it by its first epoch. */
  public static PacedTraining begin(ImageReference reference, URI collector, RunInfo run) {
    return new PacedTraining(reference, collector, run);
  }

  private DefaultTrainingConfig config() {
    return ImageReference.config(RATE)
        .addTrainingListeners(TrainingListener.Defaults.basic())
        .addTrainingListeners(monitor);
  }

  /**
   * Trains on.
   *
   * @return whether it has; otherwise the collector told it to stop
   */
  public boolean epochs(int count) {
    return await(() -> fit(count));
  }

  private boolean fit(int count) throws IOException, TranslateException {
    try {
      EasyTrain.fit(trainer, count, reference.training(), reference.validation());
    } catch (EarlyStoppedException e) {
      stopped = true;
    }
    return !stopped;
  }

  /** Ends it, as a program does whose training has come to its end or was stopped. */
  public void end() {
    await(
        () -> {
          trainer.close();
          return true;
        });
  }

  /** Ends it by an exception. */
  public void fail(RuntimeException exception) {
    monitor.endedBy(exception);
    end();
  }

  private <T> T await(Callable<T> task) {
    Future<T> future = thread.submit(task);
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    end();
    thread.shutdown();
    model.close();
  }
}
