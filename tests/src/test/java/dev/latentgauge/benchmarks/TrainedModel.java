package dev.latentgauge.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.dataset.Batch;
import ai.djl.translate.StackBatchifier;
import dev.latentgauge.examples.data.FashionMnist;
import dev.latentgauge.examples.stitching.images.Architecture;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import java.util.ArrayList;
import java.util.List;

/** The models that are trained, on images of 28 x 28 pixels in batches of 64. */
enum TrainedModel {
  /** 784-256-256-128-10; a step takes some two milliseconds on one core. */
  MLP("perceptron", Architecture.MLP),
  /** Three convolutions that halve the image, of 16, 32 and 64 channels. */
  CNN("convolutional network", Architecture.CNN),
  /** Two layers of attention over 16 patches. */
  TRANSFORMER("transformer", Architecture.VIT);

  static final Layer ENCODER = Layer.named("01SequentialBlock");
  static final Layer HEAD = Layer.named("03Linear");
  static final int ANCHORS = 128;
  static final int BATCH = 64;

  private static final int SIDE = 28;
  private static final int BATCHES = 16;

  private final String title;
  private final Architecture architecture;

  TrainedModel(String title, Architecture architecture) {
    this.title = title;
    this.architecture = architecture;
  }

  /** What a row of a table says. */
  String title() {
    return title;
  }

  /** The shape of so many inputs. */
  static Shape shape(int count) {
    return new Shape(count, 1, SIDE, SIDE);
  }

  /** An encoder and a head, without parameters yet. */
  Block network() {
    return new SequentialBlock()
        .add(architecture.encoder())
        .add(Activation::relu)
        .add(Architecture.head());
  }

  /** Random inputs and random labels, two arrays a batch. */
  static List<NDList> data(NDManager manager) {
    List<NDList> batches = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      try (NDArray uniform = manager.randomUniform(0, FashionMnist.CLASSES, new Shape(BATCH))) {
        batches.add(
            new NDList(manager.randomNormal(shape(BATCH)), uniform.toType(DataType.INT64, true)));
      }
    }
    return batches;
  }

  /** A batch with copies of inputs and labels, to be closed, as a data set would hand it over. */
  static Batch batch(NDList data, NDManager manager) {
    return new Batch(
        manager,
        new NDList(data.get(0).duplicate()),
        new NDList(data.get(1).duplicate()),
        BATCH,
        new StackBatchifier(),
        new StackBatchifier(),
        0,
        0);
  }

  /** Random anchors and probes. */
  static ProbeSet probes(NDManager manager, int probes) {
    try (NDArray anchors = manager.randomNormal(shape(ANCHORS));
        NDArray described = manager.randomNormal(shape(probes))) {
      return ProbeSet.of(new NDList(anchors), new NDList(described));
    }
  }
}
