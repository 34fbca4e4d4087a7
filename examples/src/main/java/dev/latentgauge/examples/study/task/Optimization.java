package dev.latentgauge.examples.study.task;

import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.List;

/**
 * An optimiser and its learning rate, which does not change.
 *
 * @param kind the optimiser
 * @param learningRate above 0
 */
record Optimization(Kind kind, double learningRate) {

  /** From too slow over good to nearly too fast, under either optimiser. */
  static final List<Optimization> GRID =
      List.of(
          new Optimization(Kind.ADAM, 0.0001),
          new Optimization(Kind.ADAM, 0.0005),
          new Optimization(Kind.ADAM, 0.001),
          new Optimization(Kind.ADAM, 0.005),
          new Optimization(Kind.SGD, 0.003),
          new Optimization(Kind.SGD, 0.01),
          new Optimization(Kind.SGD, 0.03),
          new Optimization(Kind.SGD, 0.1));

  /** The kinds of optimisers. */
  enum Kind {
    /** With DJL's defaults. */
    ADAM,
    /** With momentum .9. */
    SGD
  }

  Optimizer optimizer() {
    Tracker rate = Tracker.fixed((float) learningRate);
    return switch (kind) {
      case ADAM -> Optimizer.adam().optLearningRateTracker(rate).build();
      case SGD -> Optimizer.sgd().setLearningRateTracker(rate).optMomentum(0.9f).build();
    };
  }
}
