package dev.latentgauge.examples.attach;

import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import ai.djl.translate.TranslateException;
import dev.latentgauge.agent.Cadence;
import dev.latentgauge.agent.EarlyStopping;
import dev.latentgauge.agent.TrainingMonitor;
import dev.latentgauge.agent.report.CollectorReporter;
import dev.latentgauge.agent.report.JsonLinesReporter;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** Makes a reference once, and monitors a training against it. */
public final class Attach {

  private Attach() {}

  /**
   * Makes a reference file from a good model.
   *
   * @param goodModel a trained model
   * @param unlabelled inputs that no run trains on
   * @throws IOException if the file cannot be written
   */
  public static void makeReference(Model goodModel, RandomAccessDataset unlabelled)
      throws IOException {
    // README: reference
    try (ProbeSet probes = ProbeSet.sample(unlabelled, 128, 512, 42);
        Reference reference =
            Reference.of("cnn-v1", goodModel, Layer.named("01SequentialBlock"), probes)) {
      reference.save(Path.of("cnn-v1.safetensors"));
    }
    // end
  }

  /**
   * Trains with a monitor attached.
   *
   * @param model the model to train
   * @param config how it is trained
   * @param dataset what it is trained on
   * @param shape the shape of an input
   * @throws IOException if the reference or the data cannot be read
   * @throws TranslateException if the data cannot be made a batch
   */
  public static void train(
      Model model, DefaultTrainingConfig config, RandomAccessDataset dataset, Shape shape)
      throws IOException, TranslateException {
    // README: monitor
    try (Reference reference = Reference.load(Path.of("cnn-v1.safetensors"))) {
      TrainingMonitor monitor =
          TrainingMonitor.builder(reference)
              .layer(Layer.named("01SequentialBlock")) // several share one forward pass
              .cadence(Cadence.everyEpochs(1)) // or budget(0.01): at most 1 % of the time
              .run(RunInfo.named("lr-0.01").tag("lr", "0.01"))
              .reportTo(CollectorReporter.to(URI.create("http://127.0.0.1:9475")))
              .reportTo(JsonLinesReporter.to(Path.of("lr-0.01.jsonl")))
              .stopWhen(EarlyStopping.builder().patience(8).restoreBest(true).build())
              .build();
      config.addTrainingListeners(monitor);
      try (Trainer trainer = model.newTrainer(config)) { // your training, unchanged
        trainer.initialize(shape);
        EasyTrain.fit(trainer, 100, dataset, null);
      } catch (EarlyStoppedException e) { // EarlyStoppingListener's, of DJL
        monitor.stopped().ifPresent(System.out::println);
      }
    }
    // end
  }
}
