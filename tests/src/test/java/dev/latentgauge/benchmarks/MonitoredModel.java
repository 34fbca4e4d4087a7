package dev.latentgauge.benchmarks;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListener.BatchData;
import ai.djl.training.loss.Loss;
import ai.djl.translate.StackBatchifier;
import dev.latentgauge.agent.Cadence;
import dev.latentgauge.agent.MonitorBuilder;
import dev.latentgauge.agent.TrainingMonitor;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.relative.Score;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A model that is observed as often as somebody likes, and never trained. */
final class MonitoredModel implements AutoCloseable {

  private final Trainer trainer;
  private final BatchData batch;
  private final int targets;
  private final AtomicLong scores = new AtomicLong();
  private long times;

  /** Observes some layers, each against some references. */
  MonitoredModel(Model model, List<Layer> layers, List<Reference> references) {
    targets = layers.size() * references.size();
    MonitorBuilder builder = TrainingMonitor.builder(references.get(0));
    references.stream().skip(1).forEach(builder::reference);
    layers.forEach(builder::layer);
    TrainingMonitor monitor =
        builder
            .cadence(Cadence.everyBatches(1))
            .run(RunInfo.named("growth"))
            .reportTo((run, observations) -> scores.addAndGet(scored(observations)))
            .build();
    trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .addTrainingListeners(monitor));
    StackBatchifier unused = new StackBatchifier();
    batch =
        new BatchData(
            new Batch(trainer.getManager(), new NDList(), new NDList(), 0, unused, unused, 0, 0),
            Map.of(),
            Map.of());
  }

  private static long scored(List<Observation> observations) {
    return observations.stream()
        .filter(observation -> observation.outcome() instanceof Score)
        .count();
  }

  /** What a training waits for at a batch. */
  void observe() {
    times++;
    trainer.notifyListeners(listener -> listener.onTrainingBatch(trainer, batch));
  }

  /**
   * Ends the training.
   *
   * @throws IllegalStateException if something was not measured
   */
  @Override
  public void close() {
    trainer.close();
    if (scores.get() < times * targets) {
      throw new IllegalStateException(
          times + " observations must have " + targets + " scores each, but have " + scores);
    }
  }
}
