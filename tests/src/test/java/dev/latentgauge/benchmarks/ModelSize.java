package dev.latentgauge.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.Batch;
import ai.djl.translate.StackBatchifier;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import java.util.ArrayList;
import java.util.List;

/** The models that are trained: perceptrons, as wide and with batches as large as it takes. */
enum ModelSize {
  /** A step takes about a millisecond on one core, most of it in calls of the engine. */
  SMALL(64, 1, 128, 64, 64),
  /** A step takes tens of milliseconds on one core, nearly all of it in matrix products. */
  LARGE(784, 2, 512, 256, 512);

  static final Layer ENCODER = Layer.named("01SequentialBlock");
  static final int ANCHORS = 128;
  private static final int CLASSES = 10;
  private static final int BATCHES = 16;

  private final int inputs;
  private final int hidden;
  private final int width;
  private final int dimensions;
  private final int batch;

  ModelSize(int inputs, int hidden, int width, int dimensions, int batch) {
    this.inputs = inputs;
    this.hidden = hidden;
    this.width = width;
    this.dimensions = dimensions;
    this.batch = batch;
  }

  /** The shape of one input, as one row. */
  Shape shape() {
    return new Shape(1, inputs);
  }

  /** An encoder and a head, without parameters yet. */
  Block network() {
    SequentialBlock encoder = new SequentialBlock();
    for (int i = 0; i < hidden; i++) {
      encoder.add(Linear.builder().setUnits(width).build()).add(Activation::relu);
    }
    encoder.add(Linear.builder().setUnits(dimensions).build()).add(Activation::relu);
    return new SequentialBlock().add(encoder).add(Linear.builder().setUnits(CLASSES).build());
  }

  /** Random inputs and random labels, two arrays a batch. */
  List<NDList> data(NDManager manager) {
    List<NDList> batches = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      try (NDArray uniform = manager.randomUniform(0, CLASSES, new Shape(batch))) {
        batches.add(
            new NDList(
                manager.randomNormal(new Shape(batch, inputs)),
                uniform.toType(DataType.INT64, true)));
      }
    }
    return batches;
  }

  /** A batch with copies of inputs and labels, to be closed, as a data set would hand it over. */
  Batch batch(NDList data, NDManager manager) {
    return new Batch(
        manager,
        new NDList(data.get(0).duplicate()),
        new NDList(data.get(1).duplicate()),
        batch,
        new StackBatchifier(),
        new StackBatchifier(),
        0,
        0);
  }

  /** Random anchors and probes. */
  ProbeSet probes(NDManager manager, int probes) {
    try (NDArray anchors = manager.randomNormal(new Shape(ANCHORS, inputs));
        NDArray described = manager.randomNormal(new Shape(probes, inputs))) {
      return ProbeSet.of(new NDList(anchors), new NDList(described));
    }
  }

  /** What a row of the table says. */
  String title() {
    String wide = ("-" + width).repeat(hidden);
    return inputs + wide + "-" + dimensions + "-" + CLASSES + ", batches of " + batch;
  }
}
