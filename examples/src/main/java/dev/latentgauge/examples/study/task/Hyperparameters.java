package dev.latentgauge.examples.study.task;

import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * What networks for images and for questions have in common.
 *
 * @param width units of a hidden layer, or channels of the first convolution
 * @param depth the number of hidden layers, or of convolutions
 * @param activation after every layer
 * @param normalised whether hidden layers have batch normalisation
 * @param dropout in front of the monitored layer, in [0, 1)
 * @param dimensions d of the monitored layer
 * @param training how it is trained
 */
record Hyperparameters(
    int width,
    int depth,
    Nonlinearity activation,
    boolean normalised,
    double dropout,
    int dimensions,
    Optimization training) {

  /**
   * What a task chooses from.
   *
   * @param widths of a hidden layer
   * @param depths numbers of hidden layers
   * @param dimensions of the monitored layer
   * @param trainings ways to train
   */
  record Choices(
      List<Integer> widths,
      List<Integer> depths,
      List<Integer> dimensions,
      List<Optimization> trainings) {}

  /** At random; the order of the draws is part of what a seed means. */
  static Hyperparameters drawn(Draw draw, Choices choices) {
    return new Hyperparameters(
        draw.from(choices.widths),
        draw.from(choices.depths),
        draw.from(List.of(Nonlinearity.values())),
        draw.from(List.of(false, true)),
        draw.from(List.of(0.0, 0.3)),
        draw.from(choices.dimensions),
        draw.from(choices.trainings));
  }

  Hyperparameters withWidth(int units) {
    return new Hyperparameters(units, depth, activation, normalised, dropout, dimensions, training);
  }

  /** As tables show them, in the order of their columns. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("width", Integer.toString(width));
    settings.put("depth", Integer.toString(depth));
    settings.put("activation", activation.label());
    settings.put("batch_norm", Boolean.toString(normalised));
    settings.put("dropout", Double.toString(dropout));
    settings.put("dimensions", Integer.toString(dimensions));
    settings.put("optimizer", training.kind().name());
    settings.put("learning_rate", Double.toString(training.learningRate()));
    return settings;
  }

  /**
   * Adds the hidden layers.
   *
   * @param layer makes the layer at an index from 0
   */
  void addHiddenLayers(SequentialBlock encoder, IntFunction<Block> layer) {
    for (int i = 0; i < depth; i++) {
      encoder.add(layer.apply(i));
      if (normalised) {
        encoder.add(BatchNorm.builder().build());
      }
      encoder.add(activation.block());
    }
  }

  /** Adds the monitored layer, and the dropout in front of it. */
  void addMonitoredLayer(SequentialBlock encoder) {
    encoder.add(Dropout.builder().optRate((float) dropout).build());
    encoder.add(Linear.builder().setUnits(dimensions).build());
  }

  /** A fully connected layer of this width. */
  Block dense() {
    return Linear.builder().setUnits(width).build();
  }
}
