package dev.latentgauge.benchmarks;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.latentgauge.relative.Gauge;
import dev.latentgauge.relative.Profile;
import dev.latentgauge.relative.RelativeRepresentation;
import dev.latentgauge.relative.Score;
import java.util.function.BinaryOperator;

/**
 * What is timed of a measurement in this process: it, and the matrix product that it needs; on the
 * engine's default device.
 */
final class MeasurementArms implements AutoCloseable {

  private static final int SEED = 7;

  private final NDManager manager = NDManager.newBaseManager();
  private final NDArray anchors;
  private final NDArray probes;
  private final Gauge gauge;

  private final boolean isFinished;

  /**
   * Random embeddings, and a reference of others.
   *
   * @param isFinished whether the arms wait until a GPU has done all that it was asked for, to be
   *     timed
   */
  MeasurementArms(MeasurementSize size, boolean isFinished) {
    this.isFinished = isFinished;
    Engine.getInstance().setRandomSeed(SEED);
    Shape ofAnchors = new Shape(size.anchors(), size.dimensions());
    Shape ofProbes = new Shape(size.probes(), size.dimensions());
    anchors = manager.randomNormal(ofAnchors);
    probes = manager.randomNormal(ofProbes);
    try (NDArray others = manager.randomNormal(ofAnchors);
        NDArray described = manager.randomNormal(ofProbes);
        NDArray relative = RelativeRepresentation.of(others, described)) {
      gauge = Gauge.of(relative, Profile.defaultProfile());
    }
  }

  /** The cosines of given embeddings, one of a reference, and their score. */
  static Score score(float[][] anchors, float[][] probes, float[][] others, float[][] described) {
    try (NDManager manager = NDManager.newBaseManager();
        NDArray reference =
            RelativeRepresentation.of(manager.create(others), manager.create(described));
        Gauge gauge = Gauge.of(reference, Profile.defaultProfile())) {
      return (Score) gauge.measure(manager.create(anchors), manager.create(probes)).outcome();
    }
  }

  /** The product of probes and anchors, which nothing can do without. */
  void product() {
    try (NDArray transposed = anchors.transpose();
        NDArray product = probes.matMul(transposed)) {
      finish(product);
    }
  }

  /** A measurement as the agent makes it: cosines, profiles, score, and standard error. */
  void measurement() {
    gauge.measure(anchors, probes);
  }

  /** The product, and back to probes and anchors. */
  void productAndBack() {
    back((ofAnchors, ofProbes) -> ofProbes.matMul(ofAnchors.transpose()).sum());
  }

  /** The score, and back to probes and anchors. */
  void scoreAndBack() {
    back((ofAnchors, ofProbes) -> gauge.score(RelativeRepresentation.of(ofAnchors, ofProbes)));
  }

  /** Differentiates by handles of its own, with which the gradients go. */
  private void back(BinaryOperator<NDArray> target) {
    try (NDManager scratch = manager.newSubManager();
        GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray result = target.apply(leaf(anchors, scratch), leaf(probes, scratch));
      collector.backward(result);
      finish(result);
    }
  }

  /**
   * Waits for a GPU, which has taken on all that it was asked for: reads a number that comes last.
   */
  private void finish(NDArray array) {
    if (isFinished && array.getDevice().isGpu()) {
      try (NDArray flat = array.stopGradient().flatten();
          NDArray first = flat.get(0)) {
        first.toFloatArray();
      }
    }
  }

  private static NDArray leaf(NDArray array, NDManager scratch) {
    NDArray leaf = array.stopGradient();
    leaf.attach(scratch);
    leaf.setRequiresGradient(true);
    return leaf;
  }

  @Override
  public void close() {
    manager.close();
  }
}
