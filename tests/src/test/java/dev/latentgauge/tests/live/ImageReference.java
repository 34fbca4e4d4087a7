package dev.latentgauge.tests.live;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.BatchSampler;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.RandomSampler;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import dev.latentgauge.examples.data.FashionMnist;
import dev.latentgauge.examples.data.LabelledImages;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.tests.ImageNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A reference of a small perceptron on photographs of clothes, with floor and ceiling; and what
 * trainings like it are made of. Made in some seconds.
 */
public final class ImageReference implements AutoCloseable {

  /** The layer that is measured. */
  static final Layer ENCODER = Layer.named("01SequentialBlock");

  private static final Shape INPUT = new Shape(1, 1, 28, 28);
  private static final int IMAGES = 2000;
  private static final int BATCH = 100;
  private static final int GOOD_EPOCHS = 8;
  private static final float GOOD_RATE = 0.001f;

  private final NDManager manager = NDManager.newBaseManager();
  private final LabelledImages images;
  private final ProbeSet probes;
  private final Reference reference;

  private ImageReference(String name) throws IOException, TranslateException {
    images = FashionMnist.find().train();
    probes = ProbeSet.sample(dataset(50_000, 60_000), 64, 256, 1);
    try (Model good = trained(1);
        Model second = trained(2);
        Model untrained = model("untrained", 3)) {
      initialized(untrained, config(GOOD_RATE)).close();
      reference =
          Reference.builder(name, good, ENCODER, probes)
              .floor(untrained, ENCODER)
              .ceiling(second, ENCODER)
              .build();
    }
  }

  /** Trains what is needed. */
  public static ImageReference make(String name) throws IOException, TranslateException {
    return new ImageReference(name);
  }

  /** The reference; ends with this. */
  Reference reference() {
    return reference;
  }

  /** Puts it to a collector. */
  public void put(CollectorApi collector) throws IOException {
    Path file = Files.createTempFile("reference", ".safetensors");
    reference.save(file);
    collector.reference(reference.name(), Files.readAllBytes(file));
    Files.delete(file);
  }

  /** What a training learns from. */
  RandomAccessDataset training() {
    return dataset(0, IMAGES);
  }

  /** What its accuracy is told by. */
  RandomAccessDataset validation() {
    return dataset(40_000, 40_000 + IMAGES / 4);
  }

  private RandomAccessDataset dataset(int from, int to) {
    return images
        .rows(from, to)
        .dataset(manager, new BatchSampler(new RandomSampler(), BATCH, true));
  }

  /** A network before its training. */
  static Model model(String name, int seed) {
    Engine.getInstance().setRandomSeed(seed);
    Model model = Model.newInstance(name);
    model.setBlock(ImageNetwork.of(64, 32));
    return model;
  }

  /** How it is trained. */
  static DefaultTrainingConfig config(float rate) {
    return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
        .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(rate)).build())
        .addEvaluator(new Accuracy());
  }

  /** A trainer of a network, with its weights. */
  static Trainer initialized(Model model, DefaultTrainingConfig config) {
    Trainer trainer = model.newTrainer(config);
    trainer.initialize(INPUT);
    return trainer;
  }

  private Model trained(int seed) throws IOException, TranslateException {
    Model model = model("mlp", seed);
    try (Trainer trainer = initialized(model, config(GOOD_RATE))) {
      EasyTrain.fit(trainer, GOOD_EPOCHS, training(), null);
    }
    return model;
  }

  @Override
  public void close() {
    reference.close();
    probes.close();
    manager.close();
  }
}
