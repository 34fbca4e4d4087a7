package dev.latentgauge.examples.study.task;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import dev.latentgauge.examples.study.task.graph.Words;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;

/**
 * One training of a network on all nodes of a graph at once: a step is an epoch.
 *
 * <p>Looking at the network disturbs nothing: in evaluation mode neither weights nor generators
 * change. All arrays of a step are released at its end.
 */
final class NodeTraining implements AutoCloseable {

  /**
   * Which nodes serve what.
   *
   * @param labels of the nodes that are learnt, by their numbers
   * @param tests classes of the nodes that accuracy is measured on, by their numbers
   * @param pool the nodes that are embedded, in order
   */
  record Parts(Map<Integer, Integer> labels, Map<Integer, Integer> tests, List<Integer> pool) {}

  private final Model model = Model.newInstance("nodes");
  private final NDManager manager = model.getNDManager().newSubManager();
  private final Trainer trainer;
  private final Words words;
  private final double dropout;
  private final Random random;
  private final NDList inputs;
  private final NDArray learnt;
  private final NDArray labels;
  private final NDArray tested;
  private final NDArray classes;
  private final NDArray pool;
  private int steps;
  private double loss = Double.NaN;

  /**
   * An untrained network and what is needed to train it.
   *
   * @param network takes words and links, answers the classes, then what it makes of the nodes in
   *     the monitored layer, and after the last graph layer
   * @param links what the graph layers multiply with, N x N; stays the caller's
   * @param dropout of the words, at least 0 and below 1
   * @param seed of the first weights and of all dropout
   */
  NodeTraining(
      Block network,
      Words words,
      NDArray links,
      Parts parts,
      Optimizer optimizer,
      double dropout,
      int seed) {
    this.words = words;
    this.dropout = dropout;
    random = new Random(seed);
    inputs = new NDList(words.all(manager), links);
    Engine.getInstance().setRandomSeed(seed);
    model.setBlock(network);
    trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()).optOptimizer(optimizer));
    trainer.initialize(inputs.getShapes());
    learnt = manager.create(numbers(parts.labels()));
    labels = manager.create(parts.labels().values().stream().mapToLong(c -> c).toArray());
    tested = manager.create(numbers(parts.tests()));
    classes = manager.create(parts.tests().values().stream().mapToLong(c -> c).toArray());
    pool = manager.create(parts.pool().stream().mapToLong(node -> node).toArray());
  }

  private static long[] numbers(Map<Integer, Integer> nodes) {
    return nodes.keySet().stream().mapToLong(node -> node).toArray();
  }

  /**
   * Trains on, and records after some of the steps.
   *
   * @param epochs how many steps, at least 0; a training that diverges ends before
   * @param recorded whether to record after so many steps; asked for 0 too
   */
  void record(int epochs, IntPredicate recorded, Recorder recorder) {
    while (true) {
      if (recorded.test(steps)) {
        try (NDManager scratch = manager.newSubManager()) {
          recorder.record(look(scratch));
        }
      }
      if (steps >= epochs || !step()) {
        return;
      }
    }
  }

  /**
   * Trains, and records the epoch of the best accuracy, the first if there are several.
   *
   * @param epochs how many steps, at least 1
   */
  void recordBest(int epochs, Recorder recorder) {
    NDManager kept = manager.newSubManager();
    Snapshot best = look(kept);
    double accuracy = accuracy(best);
    while (steps < epochs && step()) {
      NDManager scratch = manager.newSubManager();
      Snapshot next = look(scratch);
      if (accuracy(next) > accuracy) {
        kept.close();
        kept = scratch;
        best = next;
        accuracy = accuracy(next);
      } else {
        scratch.close();
      }
    }
    recorder.record(best);
    kept.close();
  }

  /**
   * Trains until it is good enough, and records what it is then.
   *
   * @param enough the accuracy at which it stops, in [0, 1]
   * @param epochs after which it stops in any case, at least 1
   */
  void recordOnce(double enough, int epochs, Recorder recorder) {
    while (true) {
      try (NDManager scratch = manager.newSubManager()) {
        Snapshot snapshot = look(scratch);
        if (accuracy(snapshot) >= enough || steps >= epochs) {
          recorder.record(snapshot);
          return;
        }
      }
      if (!step()) {
        return;
      }
    }
  }

  private static double accuracy(Snapshot snapshot) {
    return (double) snapshot.correct().countNonzero().getLong() / snapshot.correct().size();
  }

  /** One update; says whether the loss before it was a number. */
  private boolean step() {
    try (NDManager scratch = manager.newSubManager()) {
      constants().tempAttach(scratch);
      NDArray thinned = words.thinned(dropout, random, scratch);
      try (GradientCollector gradients = trainer.newGradientCollector()) {
        NDList answered = trainer.forward(new NDList(thinned, inputs.get(1)));
        answered.attach(scratch);
        NDArray error =
            trainer.getLoss().evaluate(new NDList(labels), new NDList(answered.head().get(learnt)));
        loss = error.getFloat();
        if (!Double.isFinite(loss)) {
          return false;
        }
        gradients.backward(error);
      }
    }
    trainer.step();
    steps++;
    return true;
  }

  private Snapshot look(NDManager kept) {
    try (NDManager scratch = manager.newSubManager()) {
      constants().tempAttach(scratch);
      NDList answered = trainer.evaluate(inputs);
      NDArray predicted = answered.head().argMax(1);
      Map<String, NDArray> layers = new LinkedHashMap<>();
      layers.put(Classification.ENCODER, answered.get(1).get(pool));
      layers.put(Classification.ACTIVATION, answered.get(2).get(pool));
      NDArray correct = predicted.get(tested).eq(classes);
      NDArray predictions = predicted.get(pool);
      layers.values().forEach(layer -> layer.attach(kept));
      new NDList(correct, predictions).attach(kept);
      return new Snapshot(steps, steps, loss, correct, layers, predictions);
    }
  }

  /** What outlives a step; results are owned by the manager of what they are made of. */
  private NDList constants() {
    return new NDList(inputs).addAll(new NDList(learnt, labels, tested, classes, pool));
  }

  /** How many arrays it holds, apart from the network's. */
  int arrays() {
    return manager.getManagedArrays().size();
  }

  @Override
  public void close() {
    manager.close();
    trainer.close();
    model.close();
  }
}
